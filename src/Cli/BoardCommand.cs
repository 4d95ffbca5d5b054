using System.CommandLine;
using Leaderboard.Cli.Contract;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard board</c>: the ranked entries of one benchmark.</summary>
internal static class BoardCommand
{
    private static readonly Argument<string> Name = new("benchmark") { Description = "The benchmark's name." };

    private static readonly Option<string?> Metric =
        new("--metric") { Description = "Rank by this metric.", HelpName = "name" };

    private static readonly Option<int> Limit =
        new("--limit") { Description = "Entries to show.", HelpName = "n", DefaultValueFactory = _ => 50 };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Print the server's JSON." };
    private static readonly Option<bool> AsCsv = new("--csv") { Description = "Print the server's CSV." };

    private const int RoomForPapers = 100;

    public static Command Create()
    {
        var command = new Command("board", "Shows a ranked board.") { Name, Metric, Limit, AsJson, AsCsv };
        command.Validators.Add(result =>
        {
            if (result.GetValue(AsJson) && result.GetValue(AsCsv))
            {
                result.AddError("--json and --csv exclude each other");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var connection = new Connection(parsed);
        var (name, metric, limit) = (parsed.GetRequiredValue(Name), parsed.GetValue(Metric), parsed.GetValue(Limit));
        if (!parsed.GetValue(AsCsv) && !parsed.GetValue(AsJson))
        {
            Write(await connection.Api.GetLeaderboardAsync(name, metric, limit: limit, cancellationToken: cancellationToken));
            return ExitCodes.Success;
        }

        var path = $"api/v1/benchmarks/{Uri.EscapeDataString(name)}/leaderboard?limit={limit}"
            + (metric is null ? "" : $"&metric={Uri.EscapeDataString(metric)}");
        Console.Write(parsed.GetValue(AsCsv)
            ? await connection.GetTextAsync(path, "text/csv", cancellationToken)
            : await connection.GetJsonTextAsync(path, cancellationToken));
        return ExitCodes.Success;
    }

    private static void Write(LeaderboardPage board)
    {
        var best = board.HigherIsBetter ? "higher is better" : "lower is better";
        Console.WriteLine($"{board.Benchmark} (version {board.Version}), {board.Metric} in percent, {best}");
        // A column that is empty throughout says nothing: published boards have no intervals, young ones no papers.
        var columns = Columns(AnsiConsole.Profile.Width)
            .Where(column => board.Entries.Any(entry => column.Cell(entry) != ""))
            .ToArray();
        var table = Format.Table([.. columns.Select(column => column.Title)]);
        foreach (var entry in board.Entries)
        {
            table.AddTextRow([.. columns.Select(column => column.Cell(entry))]);
        }

        AnsiConsole.Write(table);
        if (board.Entries.Any(IsTied))
        {
            Console.WriteLine("=  not significantly different from the first (at 0.05, corrected for the number of rows)");
        }

        if (board.Next is not null)
        {
            Console.WriteLine("There are more entries; see --limit.");
        }
    }

    // The first row equals itself, which need not be said; those of its rank have its very value.
    private static bool IsTied(LeaderboardEntry entry) => entry is { TiedWithFirst: true, Rank: > 1 };

    // Where a terminal is narrow, the paper stands below the model's name.
    private static IEnumerable<(string Title, Func<LeaderboardEntry, string> Cell)> Columns(int width)
    {
        var paperApart = width >= RoomForPapers;
        yield return (">#", entry => $"{entry.Rank}");
        yield return ("~model", entry => paperApart || entry.Paper is null
            ? entry.ModelName
            : $"{entry.ModelName}\n{entry.Paper.Id}");
        yield return (">%", entry => Format.Percent(entry.Value));
        yield return ("", entry => IsTied(entry) ? "=" : "");
        yield return ("95 %\ninterval", entry => Format.Interval(entry.Interval));
        yield return ("kind", entry => entry.Kind);
        yield return (">claimed", entry => Format.Percent(entry.Claimed));
        yield return ("extra\ndata", entry => entry.UsesAdditionalData ? "yes" : "no");
        yield return ("paper", entry => paperApart ? entry.Paper?.Id ?? "" : "");
        yield return ("date", entry => $"{entry.Date:yyyy-MM-dd}");
    }
}
