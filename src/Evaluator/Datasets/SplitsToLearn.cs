using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>Which splits a protocol on features takes.</summary>
/// <param name="Train">What is learnt from.</param>
/// <param name="Selection">What a penalty is selected on; null where that is a part of train, or nothing is selected.</param>
/// <param name="Evaluated">What is scored.</param>
internal sealed record SplitsToLearn(DatasetPart Train, DatasetPart? Selection, DatasetPart Evaluated)
{
    public IReadOnlyList<DatasetPart> All => Selection is null ? [Train, Evaluated] : [Train, Selection, Evaluated];

    /// <summary>Every part of a benchmark's dataset that lies there, whether evaluations read it today or not.</summary>
    public static IReadOnlyList<DatasetPart> AllParts(BenchmarkDefinition benchmark, string datasetsRoot)
    {
        if (benchmark.Protocol == Protocol.Classify)
        {
            return [DatasetPart.Evaluated];
        }
        if (benchmark.Realms is not { } realms)
        {
            return [new DatasetPart(Split.Train), DatasetPart.Evaluated];
        }
        var folder = DatasetLayout.FolderOf(benchmark, DatasetPart.Evaluated, datasetsRoot);
        return
        [
            .. from realm in realms
               from split in (string[])[Split.Train, Split.Val, Split.Test]
               where split == Split.Train || OmniBenchmarkLayout.Has(benchmark, realm, folder, split)
               select new DatasetPart(split, realm),
        ];
    }

    /// <summary>The parts of a benchmark's dataset that its evaluations read.</summary>
    public static IReadOnlyList<DatasetPart> ReadParts(BenchmarkDefinition benchmark, string datasetsRoot)
    {
        if (benchmark.Protocol == Protocol.Classify)
        {
            return [DatasetPart.Evaluated];
        }
        var realms = benchmark.Realms?.Select(realm => (Realm?)realm) ?? [null];
        return [.. realms.SelectMany(realm => Of(benchmark, realm, datasetsRoot).All)];
    }

    /// <summary>
    /// Of OmniBenchmark the authors' rule: train on train, select on val, report on test. Without labelled test images
    /// val is reported, and nothing may be selected on it.
    /// </summary>
    public static SplitsToLearn Of(BenchmarkDefinition benchmark, Realm? realm, string datasetsRoot)
    {
        var train = new DatasetPart(Split.Train, realm);
        if (realm is null)
        {
            return new SplitsToLearn(train, null, DatasetPart.Evaluated);
        }
        var folder = DatasetLayout.FolderOf(benchmark, train, datasetsRoot);
        var evaluated = OmniBenchmarkLayout.EvaluatedSplit(benchmark, realm, folder);
        var selects = benchmark.Protocol == Protocol.LinearProbe && evaluated == Split.Test
            && OmniBenchmarkLayout.Has(benchmark, realm, folder, Split.Val);
        return new SplitsToLearn(
            train, selects ? new DatasetPart(Split.Val, realm) : null, new DatasetPart(evaluated, realm));
    }
}
