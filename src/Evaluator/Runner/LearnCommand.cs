using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Protocols.Probing;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>learn</c>: learns a head on features and leaves its predictions in the scratch folder.</summary>
internal static class LearnCommand
{
    public static void Execute(LearnRequest request, Action<RunnerEvent> send)
    {
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
            var other => throw new InvalidOperationException($"There is nothing to learn in {other}."),
        };
        send(learned with { PeakMemoryBytes = Math.Max(learned.PeakMemoryBytes, ProcessMemory.Anonymous()) });
    }

    private static LabelledFeatures Open(FeaturesRequest request) => new(
        new FeatureTensor(request.File, request.Count, request.Dimension),
        TargetsFile.Read(request.Targets, request.Count));
}
