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
        var page = await connection.Api.ListBenchmarksAsync(limit: 200, cancellationToken: cancellationToken);
        var table = Format.Table("benchmark", "version", "protocol", ">classes", "~metrics");
        foreach (var benchmark in page.Items)
        {
            table.AddTextRow(
                benchmark.Name,
                benchmark.Version,
                benchmark.Definition.Protocol,
                $"{benchmark.Definition.ClassCount}",
                string.Join(", ", benchmark.Definition.Metrics));
        }

        AnsiConsole.Write(table);
        return ExitCodes.Success;
    }
}
