using System.Security.Claims;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Comparisons;

internal static class ComparisonEndpoints
{
    /// <summary>A p-value below this is called significant.</summary>
    public const double Level = 0.05;

    public static void MapComparisons(this IEndpointRouteBuilder api) =>
        api.MapGet("/compare", CompareEvaluations).WithName("CompareEvaluations").WithTags("Comparisons")
            .Refuses(
                Problems.RequestMalformed, Problems.ValidationFailed, Problems.EvaluationUnknown,
                Problems.EvaluationUnfinished, Problems.EvaluationsIncomparable);

    /// <summary>
    /// Compares two evaluations of one benchmark version image by image, averages realm by realm, means over classes class
    /// by class.
    /// </summary>
    /// <param name="a">Id of the one evaluation.</param>
    /// <param name="b">Id of the other.</param>
    internal static async Task<Ok<Comparison>> CompareEvaluations(
        Guid a, Guid b, NpgsqlDataSource db, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        errors.Require(a != b, "b", "must be another evaluation than a");
        errors.ThrowIfAny();

        var caller = Caller.Of(user);
        var one = await FindAsync(a, db, caller, cancellationToken);
        var other = await FindAsync(b, db, caller, cancellationToken);
        RefuseUnequal(one, other);
        return TypedResults.Ok(
            one.HasRealms ? Compare(one, other, await db.ListRealmPairsAsync(a, b, cancellationToken))
            : one.ComparesClasses ? CompareStrata(
                one, other, Metric.MeanPerClassAccuracy, await db.ListClassPairsAsync(a, b, cancellationToken), [])
            : Compare(one, other, await db.CountPairsAsync(a, b, cancellationToken)));
    }

    private static async Task<ComparableEvaluation> FindAsync(
        Guid id, NpgsqlDataSource db, Caller caller, CancellationToken cancellationToken) =>
        await db.FindComparableAsync(id, caller, cancellationToken)
        ?? throw Problems.EvaluationUnknown.Because($"No evaluation {id} may be seen with this key.");

    private static void RefuseUnequal(ComparableEvaluation a, ComparableEvaluation b)
    {
        if (a.BenchmarkId != b.BenchmarkId)
        {
            throw Problems.EvaluationsIncomparable.Because(
                $"One is of {a.Benchmark}@{a.Version}, the other of {b.Benchmark}@{b.Version}.");
        }
        if (a.HasRealms != b.HasRealms)
        {
            throw Problems.EvaluationsIncomparable.Because("One is of all realms, the other of one.");
        }
        foreach (var evaluation in (ComparableEvaluation[])[a, b])
        {
            if (evaluation.State != "succeeded")
            {
                throw Problems.EvaluationUnfinished.Because(
                    $"The state of {evaluation.Id} is '{evaluation.State}'; both must be 'succeeded'.");
            }
            if (!evaluation.HasPredictions && !evaluation.HasRealms)
            {
                throw Problems.EvaluationsIncomparable.Because($"{evaluation.Id} has no prediction for each image.");
            }
        }
        if (a.ManifestId != b.ManifestId)
        {
            throw Problems.EvaluationsIncomparable.Because(
                "They were measured on different manifests of the dataset, or on different splits or realms.");
        }
    }

    private static Comparison Compare(ComparableEvaluation a, ComparableEvaluation b, PairedCounts counts)
    {
        var (low, high) = TangoInterval.Of(counts.OnlyA, counts.OnlyB, counts.Count);
        var p = McNemarTest.PValue(counts.OnlyA, counts.OnlyB);
        return new Comparison(
            a.Benchmark, a.Version, Metric.Top1Accuracy, Side(a, counts.OnlyA), Side(b, counts.OnlyB), counts.Count,
            counts.Both, counts.OnlyA, counts.OnlyB, counts.Count - counts.Both - counts.OnlyA - counts.OnlyB,
            counts.Difference, [low, high], TangoInterval.Method, p, p < Level, Realms: []);

        ComparedEvaluation Side(ComparableEvaluation evaluation, long only) => new(
            evaluation.Id, evaluation.ModelName, (counts.Both + only) / (double)counts.Count, counts.Both + only);
    }

    private static Comparison Compare(
        ComparableEvaluation a, ComparableEvaluation b, IReadOnlyList<PairedRealm> realms)
    {
        if (realms.FirstOrDefault(realm => realm.Counts is null) is { } unpaired)
        {
            throw Problems.EvaluationsIncomparable.Because(
                $"They have not predicted the same images of realm {unpaired.Realm}: one was scored on another split, or "
                + "on another manifest of the dataset, or has no prediction for each image.");
        }
        List<PairedCounts> counts = [.. realms.Select(realm => realm.Counts!)];
        return CompareStrata(
            a, b, Metric.AverageTop1Accuracy, counts,
            [.. realms.Zip(counts, (realm, of) => new ComparedRealm(
                realm.Realm, of.Count, of.Both, of.OnlyA, of.OnlyB, of.Difference))]);
    }

    private static Comparison CompareStrata(
        ComparableEvaluation a, ComparableEvaluation b, string metric, IReadOnlyList<PairedCounts> strata,
        IReadOnlyList<ComparedRealm> realms)
    {
        var (low, high) = StratifiedTest.Interval(strata);
        var p = StratifiedTest.PValue(strata);
        return new Comparison(
            a.Benchmark, a.Version, metric, Side(a, stratum => stratum.OnlyA), Side(b, stratum => stratum.OnlyB),
            strata.Sum(stratum => stratum.Count), strata.Sum(stratum => stratum.Both),
            strata.Sum(stratum => stratum.OnlyA), strata.Sum(stratum => stratum.OnlyB),
            strata.Sum(stratum => stratum.Count - stratum.Both - stratum.OnlyA - stratum.OnlyB),
            StratifiedTest.Difference(strata), [low, high], StratifiedTest.Method, p, p < Level, realms);

        ComparedEvaluation Side(ComparableEvaluation evaluation, Func<PairedCounts, long> only) => new(
            evaluation.Id, evaluation.ModelName,
            strata.Average(stratum => (stratum.Both + only(stratum)) / (double)stratum.Count),
            strata.Sum(stratum => stratum.Both + only(stratum)));
    }
}
