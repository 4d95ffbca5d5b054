using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Models;

/// <summary>Turns a checkpoint's file into a model that runs.</summary>
internal static class ModelLoader
{
    /// <summary>Loads a checkpoint of any format; every number comes from the file.</summary>
    /// <exception cref="EvaluationFailedException">The file cannot be used; the code says why.</exception>
    public static LoadedModel Load(string path, ModelRequest request, EngineRequest engine)
    {
        using var file = CheckpointFile.Open(path);
        switch (file.Kind)
        {
            case CheckpointKind.Program:
                return TorchScriptModel.Load(path, request, engine);
            case CheckpointKind.Onnx:
                return OnnxModel.Load(path, engine);
        }
        var state = StateDict.Of(file, request.Weights);
        var recognised = Recognition.Recognise(state, request.Architecture);
        var network = recognised.Network;
        var answer = network.Logits ?? throw new EvaluationFailedException(
            FailureCodes.ClassCountMismatch, $"{recognised.Architecture} has no classifier: it gives features alone.");
        var weights = new Weights(network, recognised.Entries);
        return new LoadedModel(
            CheckpointInspector.Describe(state, recognised),
            engine is { Device: "cpu", Precision: Precision.Float32 }
                ? OnnxRuntimeEngine.Load(network, answer, weights, engine)
                : LibtorchEngine.Load(network, answer, weights, engine));
    }
}
