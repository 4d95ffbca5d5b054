using System.CommandLine;
using System.Globalization;
using Leaderboard.Cli.Contract;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard compare</c>: two evaluations of one benchmark, image by image.</summary>
internal static class CompareCommand
{
    private static readonly Argument<Guid> A = new("a") { Description = "Id of the one evaluation." };
    private static readonly Argument<Guid> B = new("b") { Description = "Id of the other." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "Print the server's JSON." };

    public static Command Create()
    {
        var command = new Command("compare", "Compares two evaluations of one benchmark, image by image.") { A, B, AsJson };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var connection = new Connection(parsed);
        var (a, b) = (parsed.GetRequiredValue(A), parsed.GetRequiredValue(B));
        if (parsed.GetValue(AsJson))
        {
            Console.Write(await connection.GetJsonTextAsync($"api/v1/compare?a={a}&b={b}", cancellationToken));
        }
        else
        {
            Write(await connection.Api.CompareEvaluationsAsync(a, b, cancellationToken));
        }

        return ExitCodes.Success;
    }

    private static void Write(Comparison compared)
    {
        Console.WriteLine(
            $"{compared.Benchmark} (version {compared.Version}), {compared.Metric} in percent, {compared.Count} images");
        var sides = Format.Table("", "~model", "evaluation", ">%", ">correct", ">only this one");
        AddSide("a", compared.A, compared.OnlyACorrect);
        AddSide("b", compared.B, compared.OnlyBCorrect);
        AnsiConsole.Write(sides);
        Console.WriteLine($"both correct {compared.BothCorrect}, neither {compared.NeitherCorrect}");
        Console.WriteLine(
            $"a less b: {Format.Percent(compared.Difference)}, 95 % interval {Format.Percent(compared.Interval[0])} to "
            + $"{Format.Percent(compared.Interval[1])} ({compared.Method})");
        var verdict = compared.Significant ? "significant at 0.05" : "not significant at 0.05";
        Console.WriteLine(
            $"{Test(compared)}: p = {compared.PValue.ToString("G3", CultureInfo.InvariantCulture)}, {verdict}");

        static string Test(Comparison compared) => compared.Metric switch
        {
            "top1_accuracy" => "McNemar's exact test",
            "mean_per_class_accuracy" => "normal test of the mean over classes",
            _ => "normal test of the mean over realms",
        };

        void AddSide(string name, ComparedEvaluation side, long only) => sides.AddTextRow(
            name, side.ModelName, $"{side.Evaluation}", Format.Percent(side.Value), $"{side.Correct}", $"{only}");
    }
}
