using System.CommandLine;
using System.Globalization;
using Leaderboard.Cli.Contract;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard me</c>: whose key is sent, and what is left of the user's quotas.</summary>
internal static class MeCommand
{
    public static Command Create()
    {
        var command = new Command("me", "Shows whose key is sent, and what is left.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var connection = new Connection(parsed);
        var me = await connection.Api.GetMeAsync(cancellationToken);
        var expiry = me.ApiKey.ExpiresAt is { } end ? $", expires {Time(end)}" : "";
        Console.WriteLine($"{me.User}, key {me.ApiKey.Label} ({string.Join(", ", me.ApiKey.Scopes)}{expiry})");

        var table = Format.Table("quota", ">left", ">used", ">of", "more from");
        Add("submissions a day", me.Quotas.SubmissionsPerDay, Count);
        Add("evaluations at once", me.Quotas.ConcurrentEvaluations, Count);
        Add("failures a day", me.Quotas.FailedEvaluationsPerDay, Count);
        Add("stored", me.Quotas.StoredBytes, Format.Bytes);
        AnsiConsole.Write(table);
        return ExitCodes.Success;

        void Add(string title, QuotaState quota, Func<long, string> show) => table.AddTextRow(
            title,
            quota.Remaining is { } left ? show(left) : "any",
            show(quota.Used),
            quota.Limit is { } limit ? show(limit) : "",
            quota.ResetsAt is { } at ? Time(at) : "");
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset utc) => utc.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
