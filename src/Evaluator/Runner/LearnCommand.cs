using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Protocols.LowShot;
using Leaderboard.Evaluator.Protocols.Neighbours;
using Leaderboard.Evaluator.Protocols.Probing;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>learn</c>: learns a head on features and leaves its predictions in the scratch folder.</summary>
internal static class LearnCommand
{
    public static void Execute(LearnRequest request, Action<RunnerEvent> send)
    {
        NativeHeap.GiveLargeBlocksBack();
        Libtorch.Load();
        set_num_threads(request.Threads);
        using var train = Open(request.Train);
        using var selection = request.Selection is { } wanted ? Open(wanted) : null;
        using var evaluated = Open(request.Evaluated);
        using var file = new BufferedStream(File.Create(Path.Combine(request.Scratch, PredictionsFile.Name)), 1 << 16);
        var learned = request.Head switch
        {
            ProbeRequest probe => ProbeSelection.Run(
                probe.Lambdas, train, selection, evaluated, request.ClassCount, device(request.Device),
                prediction => PredictionsFile.Write(file, [prediction])),
            NeighboursRequest knn => Vote(knn, train, evaluated, request, file),
            SvmRequest svm => new Learned(
                ProcessMemory.Anonymous(), Draws: [.. Separate(svm, train, evaluated, request).Select(draw => draw.Value)]),
            var other => throw new InvalidOperationException($"There is nothing to learn in {other}."),
        };
        send(learned with { PeakMemoryBytes = Math.Max(learned.PeakMemoryBytes, ProcessMemory.Anonymous()) });
    }

    private static Learned Vote(
        NeighboursRequest knn, LabelledFeatures train, LabelledFeatures evaluated, LearnRequest request, Stream file)
    {
        var unproved = NearestNeighbours.Run(
            train.Values, train.Classes(), evaluated.Values,
            new Voting(request.ClassCount, knn.K, knn.Temperature, request.Device), onProgress: null,
            predictions => PredictionsFile.Write(file, predictions), CancellationToken.None);
        return new Learned(ProcessMemory.Anonymous(), UnprovedNeighbours: unproved);
    }

    private static IReadOnlyList<DrawScore> Separate(
        SvmRequest svm, LabelledFeatures train, LabelledFeatures evaluated, LearnRequest request)
    {
        var draws = svm.Draws.Select((samples, number) => new LowShotDraw(Shots: 0, number, samples)).ToList();
        var wanted = new LowShotRequest(draws, svm.Cost, request.Device);
        return svm.RanksClasses
            ? LowShotSvm.Rank(
                new(train.Values, train.Targets), new(evaluated.Values, evaluated.Targets), request.ClassCount, wanted,
                onDraw: null, CancellationToken.None)
            : LowShotSvm.Classify(
                new(train.Values, train.Classes()), new(evaluated.Values, evaluated.Classes()), wanted, onDraw: null,
                CancellationToken.None);
    }

    private static LabelledFeatures Open(FeaturesRequest request) => new(
        new FeatureTensor(request.File, request.Count, request.Dimension),
        TargetsFile.Read(request.Targets, request.Count));
}
