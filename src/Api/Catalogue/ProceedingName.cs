using System.Globalization;
using System.Text.RegularExpressions;

namespace Leaderboard.Api.Catalogue;

/// <summary>What the name of a proceeding says: <c>CVPR 2020 6</c> is of June 2020.</summary>
internal sealed partial record ProceedingName(string Conference, int? Year, int? Month)
{
    [GeneratedRegex(@"^(?<conference>.*\S)\s+(?<year>(?:19|20)[0-9]{2})(?:\s+(?<month>1[0-2]|0?[1-9]))?$")]
    private static partial Regex Pattern { get; }

    public static ProceedingName Parse(string name) => Pattern.Match(name.Trim()) is { Success: true } match
        ? new ProceedingName(
            match.Groups["conference"].Value,
            int.Parse(match.Groups["year"].Value, CultureInfo.InvariantCulture),
            match.Groups["month"] is { Success: true, Value: var month } ? int.Parse(month, CultureInfo.InvariantCulture) : null)
        : new ProceedingName(name.Trim(), null, null);
}
