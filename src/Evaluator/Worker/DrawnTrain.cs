using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Protocols.LowShot;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What a low-shot benchmark reads of its train split: the images that a draw has, and no other.</summary>
/// <param name="Images">Those images, with a digest of their own.</param>
/// <param name="Draws">The draws, with indices among them.</param>
internal sealed record DrawnTrain(CheckedDataset Images, IReadOnlyList<LowShotDraw> Draws)
{
    public static DrawnTrain Of(BenchmarkDefinition benchmark, CheckedDataset train)
    {
        var (samples, draws) = LowShotDraws.OnlyDrawn(DrawsOf(benchmark, train));
        return new DrawnTrain(train.Only(samples), draws);
    }

    private static IReadOnlyList<LowShotDraw> DrawsOf(BenchmarkDefinition benchmark, CheckedDataset train)
    {
        var shots = benchmark.Shots!.Value;
        var samplesOfClass = LowShotDraws.ByClass(train.Targets(), benchmark.ClassCount);
        var smallest = samplesOfClass.Index().MinBy(samples => samples.Item.Count);
        return smallest.Item.Count >= shots
            ? LowShotDraws.OfBenchmark(samplesOfClass, shots, benchmark.Draws!.Value)
            : throw DatasetFailure.Changed(FormattableString.Invariant(
                $"{shots} images of each class are drawn, but class {smallest.Index} has {smallest.Item.Count} in train."));
    }
}
