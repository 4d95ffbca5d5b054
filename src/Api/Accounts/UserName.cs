using System.Text.RegularExpressions;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Accounts;

/// <summary>What a new user may be called: nothing that looks like another name, or needs quoting anywhere.</summary>
internal static partial class UserName
{
    public static bool IsFit(string name) => Name().IsMatch(name);

    public static void Check(string name, Errors errors, string field = "name") => errors.Require(
        IsFit(name),
        field,
        "must be 1 to 40 of a to z, 0 to 9, '-', '_' and '.', with a letter or digit at both ends");

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?\z")]
    private static partial Regex Name();
}
