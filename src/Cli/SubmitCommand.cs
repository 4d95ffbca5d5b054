using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Leaderboard.Cli.Contract;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary><c>leaderboard submit</c>: one request with the checkpoint and what is to be measured.</summary>
internal static class SubmitCommand
{
    private static readonly Argument<FileInfo> Checkpoint =
        new("file") { Description = "The checkpoint: safetensors, torch.save, ONNX or TorchScript." };

    private static readonly Option<string> ModelName =
        new("--model-name") { Description = "What the boards call it.", HelpName = "name", Required = true };

    private static readonly Option<string[]> Benchmarks = new("--benchmark")
    {
        Description = "A benchmark to run, as name or name@version; may be repeated.",
        HelpName = "name",
        Required = true,
    };

    private static readonly Option<string?> Architecture =
        new("--architecture") { Description = "The network, where its tensors do not tell.", HelpName = "name" };

    private static readonly Option<string?> Weights =
        new("--weights") { Description = "Which of a file's two sets of weights.", HelpName = "model|ema" };

    private static readonly Option<string?> Precision =
        new("--precision") { Description = "Of the forward pass; float32 by default.", HelpName = "float32|bfloat16" };

    private static readonly Option<Claim[]> Claims = new("--claim")
    {
        Description = "A figure to compare with, a fraction or a percentage: webvision-1.0:top1_accuracy=73.9%",
        HelpName = "benchmark:metric=value",
        CustomParser = ParseClaims,
    };

    private static readonly Option<string?> Paper =
        new("--paper") { Description = "The paper, for instance arxiv:2009.07995.", HelpName = "id" };

    private static readonly Option<string?> CodeUrl =
        new("--code-url") { Description = "Where the code is.", HelpName = "url" };

    private static readonly Option<bool> ExtraData = new("--extra-data") { Description = "Trained on extra data." };
    private static readonly Option<bool> Private = new("--private") { Description = "Keep it off the boards." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Show progress, then the scores." };

    public static Command Create()
    {
        Checkpoint.AcceptExistingOnly();
        Weights.AcceptOnlyFromAmong("model", "ema");
        Precision.AcceptOnlyFromAmong("float32", "bfloat16");
        var command = new Command("submit", "Uploads a checkpoint and has it evaluated.")
        {
            Checkpoint, ModelName, Benchmarks, Architecture, Weights, Precision, Claims, Paper, CodeUrl, ExtraData,
            Private, Watch,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var connection = new Connection(parsed);
        await using var file = parsed.GetRequiredValue(Checkpoint).OpenRead();
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        file.Position = 0;

        var details = new SubmissionRequest
        {
            ModelName = parsed.GetRequiredValue(ModelName),
            Benchmarks = parsed.GetRequiredValue(Benchmarks),
            Sha256 = sha256,
            Architecture = parsed.GetValue(Architecture),
            Weights = parsed.GetValue(Weights),
            Precision = parsed.GetValue(Precision) ?? "float32",
            Paper = parsed.GetValue(Paper),
            CodeUrl = parsed.GetValue(CodeUrl),
            UsesAdditionalData = parsed.GetValue(ExtraData),
            Visibility = parsed.GetValue(Private) ? "private" : "public",
            Claimed = parsed.GetValue(Claims) ?? [],
        };
        var submission = await UploadProgress.ShowAsync(file, checkpoint =>
        {
            // Text, not JsonContent: its length is known beforehand, and so is the request's.
            var json = JsonSerializer.Serialize(details, Connection.Json);
            var form = new MultipartFormDataContent
            {
                { new StringContent(json, Encoding.UTF8, "application/json"), "submission" },
                { checkpoint, "checkpoint", Path.GetFileName(file.Name) },
            };
            return connection.PostAsync<Submission>("api/v1/submissions", form, cancellationToken);
        });

        Console.WriteLine($"submission {submission.Id}, checkpoint {sha256}");
        if (parsed.GetValue(Watch))
        {
            return await WatchCommand.WatchAsync(connection, submission.Id, cancellationToken);
        }

        foreach (var evaluation in submission.Evaluations)
        {
            Console.WriteLine($"{evaluation.Benchmark}: {evaluation.State}");
        }

        Console.WriteLine($"follow it: leaderboard watch {submission.Id}");
        return ExitCodes.Success;
    }

    private static Claim[] ParseClaims(ArgumentResult result) =>
        [.. result.Tokens.Select(token => ParseClaim(token.Value, result)).OfType<Claim>()];

    private static Claim? ParseClaim(string text, ArgumentResult result)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (colon > 0 && equals > colon + 1
            && decimal.TryParse(text[(equals + 1)..].TrimEnd('%'), CultureInfo.InvariantCulture, out var value)
            && (text.EndsWith('%') ? value / 100 : value) is >= 0 and <= 1 and var fraction)
        {
            return new Claim { Benchmark = text[..colon], Metric = text[(colon + 1)..equals], Value = (double)fraction };
        }

        result.AddError($"--claim {text}: expected benchmark:metric=value, the value in [0, 1] or with a % sign");
        return null;
    }
}
