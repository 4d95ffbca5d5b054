namespace Leaderboard.Api.Accounts;

/// <summary>Who may sign up, section <c>Accounts</c> of the configuration.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>Whether anybody may register; the default is that admins alone make users.</summary>
    public bool OpenRegistration { get; set; }
}
