using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>Who may change what: users their own, admins everything that is written down and not measured.</summary>
internal static class OwnObjects
{
    /// <summary>Others still refer to what is to be deleted.</summary>
    public static readonly ProblemKind InUse = new(409, "in_use", "Others refer to it.");

    /// <param name="caller">Who asks.</param>
    /// <param name="ownerId">Whose it is; null for the catalogue's and the archive's.</param>
    public static void RequireOwner(Caller caller, Guid? ownerId)
    {
        if (!caller.IsAdmin && (ownerId is null || ownerId != caller.UserId))
        {
            throw Problems.OwnerRequired.Because(ownerId is null
                ? "It is the catalogue's or the archive's: only an admin may change it."
                : "Only the user who made it or an admin may change it.");
        }
    }
}
