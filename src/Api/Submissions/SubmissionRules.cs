using System.Text.RegularExpressions;
using Leaderboard.Api.Benchmarks;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using Npgsql;

namespace Leaderboard.Api.Submissions;

/// <summary>What a submission must be, whatever checkpoint comes with it.</summary>
internal static partial class SubmissionRules
{
    private const int MaxBenchmarks = 50;

    /// <summary>What the request wants; or the problem with it.</summary>
    public static async Task<WantedEvaluations> ValidateAsync(
        SubmissionRequest request, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        CheckFields(request, errors);
        // Lists may hold nulls, whatever their type says.
        errors.Require(
            request.Benchmarks.Count is >= 1 and <= MaxBenchmarks && request.Benchmarks.All(name => name is not null),
            "benchmarks", $"must hold 1 to {MaxBenchmarks} names");
        errors.Require(
            request.Claimed?.All(claim => claim is not null) != false, "claimed", "must not hold null");
        errors.ThrowIfAny();

        var wanted = new List<BenchmarkVersion>();
        foreach (var name in request.Benchmarks)
        {
            var benchmark = await db.GetBenchmarkAsync(name, cancellationToken);
            CheckFits(request, benchmark, errors);
            errors.Require(
                wanted.All(other => other.Id != benchmark.Id), "benchmarks", $"names {benchmark.Name} twice");
            wanted.Add(benchmark);
        }
        var claims = ResolveClaims(request, wanted, errors);
        errors.ThrowIfAny();
        return new WantedEvaluations(wanted, claims);
    }

    private static void CheckFits(SubmissionRequest request, BenchmarkVersion benchmark, Errors errors)
    {
        var definition = benchmark.Definition;
        if (!Protocol.All.Contains(definition.Protocol))
        {
            throw Problems.ProtocolUnsupported.Because(
                $"{benchmark.Name}@{benchmark.Version} is scored by '{definition.Protocol}', which is not measured here. Its "
                + "board takes reported results.");
        }
        errors.Require(
            request.Output == "logits" || definition.Protocol != Protocol.Classify,
            "output",
            $"must be 'logits' for {benchmark.Name}, which takes the network's own predictions");
        if (request.LabelOrder is { } order && definition.LabelOrder is { } expected && order != expected)
        {
            throw Problems.LabelOrderMismatch.Because(
                $"{benchmark.Name}@{benchmark.Version} numbers its classes as '{expected}', the checkpoint as '{order}': its "
                + "score would be that of chance.");
        }
    }

    private static void CheckFields(SubmissionRequest request, Errors errors)
    {
        errors.RequireText(request.ModelName, "model_name", maxLength: 200);
        errors.Require(request.Output is "logits" or "features", "output", "must be 'logits' or 'features'");
        errors.Require(Precision.All.Contains(request.Precision), "precision", "must be 'float32' or 'bfloat16'");
        errors.Require(request.Weights is null or "model" or "ema", "weights", "must be 'model', 'ema' or null");
        errors.Require(request.Visibility is "public" or "private", "visibility", "must be 'public' or 'private'");
        CheckDigest(request.Checkpoint, "checkpoint", errors);
        CheckDigest(request.Sha256, "sha256", errors);
        if (request.LabelOrder is { } order)
        {
            errors.RequireText(order, "label_order", maxLength: 100);
        }
        if (request.Architecture is { } architecture)
        {
            errors.RequireText(architecture, "architecture", maxLength: 100);
        }
        if (request.Paper is { } paper)
        {
            errors.RequireText(paper, "paper", maxLength: 200);
        }
        if (request.CodeUrl is { } url)
        {
            errors.RequireUrl(url, "code_url");
        }
        if (request.EvalTransform is { } transform)
        {
            EvalTransformRules.Check(transform, errors);
        }
    }

    private static void CheckDigest(string? digest, string field, Errors errors) =>
        errors.Require(
            digest is null || Sha256Digits().IsMatch(digest), field, "must be 64 lower-case hexadecimal digits");

    private static List<ResolvedClaim> ResolveClaims(
        SubmissionRequest request, List<BenchmarkVersion> wanted, Errors errors)
    {
        var resolved = new List<ResolvedClaim>();
        var seen = new HashSet<(string, string)>();
        foreach (var (claim, index) in (request.Claimed ?? []).Select((claim, index) => (claim, index)))
        {
            var at = request.Benchmarks.ToList().IndexOf(claim.Benchmark);
            if (errors.Require(at >= 0, $"claimed[{index}].benchmark", "must be one of 'benchmarks', written as there"))
            {
                errors.Require(
                    wanted[at].Definition.Metrics.Contains(claim.Metric),
                    $"claimed[{index}].metric",
                    $"must be one of {string.Join(", ", wanted[at].Definition.Metrics)}");
                resolved.Add(new ResolvedClaim(wanted[at].Id, claim.Metric, claim.Value));
            }
            errors.Require(claim.Value is >= 0 and <= 1, $"claimed[{index}].value", "must be a fraction in [0, 1]");
            errors.Require(
                seen.Add((claim.Benchmark, claim.Metric)), $"claimed[{index}]", "claims a figure that was claimed before");
        }
        return resolved;
    }

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256Digits();
}
