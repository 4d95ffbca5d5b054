using System.CommandLine;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard benchmarks</c>: what a checkpoint can be measured on.</summary>
internal static class BenchmarksCommand
{
    public static Command Create()
    {
        var command = new Command("benchmarks", "Lists the benchmarks.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var connection = new Connection(parsed);
        var page = await connection.GetAsync<BenchmarkPage>("benchmarks?limit=200", cancellationToken);
        var table = Format.Table("benchmark", "version", "protocol", ">classes", "~metrics");
        foreach (var (name, version, definition) in page.Items)
        {
            table.AddTextRow(
                name,
                version,
                definition.Protocol,
                $"{definition.ClassCount}",
                string.Join(", ", definition.Metrics));
        }

        AnsiConsole.Write(table);
        return ExitCodes.Success;
    }
}
