using Leaderboard.Shared.Hosting;

namespace Leaderboard.Api.Archive;

/// <summary>What an import is asked for.</summary>
/// <param name="Folder">Of the dumps; null: tables alone.</param>
/// <param name="Tables">Files of evaluation tables of any name, beside the dumps: tables that they do not have stay.</param>
/// <param name="SkipsInvalid">Records that cannot be imported are left out; otherwise nothing is imported.</param>
/// <param name="Restart">Begins anew, whatever is read already.</param>
/// <param name="Report">Where the report goes as JSON.</param>
internal sealed record ImportOptions(
    string? Folder, IReadOnlyList<string> Tables, bool SkipsInvalid, bool Restart, string? Report)
{
    private const string Usage =
        "Usage: import-archive [DIR] [--tables FILE]… [--skip-invalid] [--restart] [--report FILE]";

    public static ImportOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ImportOptions(null, [], false, false, null);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--tables" when i + 1 < arguments.Length => options with { Tables = [.. options.Tables, arguments[++i]] },
                "--report" when i + 1 < arguments.Length => options with { Report = arguments[++i] },
                "--skip-invalid" => options with { SkipsInvalid = true },
                "--restart" => options with { Restart = true },
                { Length: > 0 } folder when folder[0] != '-' && options.Folder is null => options with { Folder = folder },
                _ => throw new SettingException(Usage),
            };
        }
        return options.Folder is null && options.Tables.Count == 0 ? throw new SettingException(Usage) : options;
    }
}
