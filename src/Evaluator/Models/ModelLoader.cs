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
        if (file.Kind is CheckpointKind.Program or CheckpointKind.Onnx)
        {
            RequireOutput(request);
            return file.Kind == CheckpointKind.Program
                ? TorchScriptModel.Load(path, request, engine)
                : OnnxModel.Load(path, engine);
        }
        var state = StateDict.Of(file, request.Weights);
        var recognised = Recognition.Recognise(state, request.Architecture);
        var network = recognised.Network;
        var answer = request.Wanted == NetworkOutput.Features
            ? network.Features
            : network.Logits ?? throw recognised.WithoutClassifier();
        var weights = new Weights(network, recognised.Entries);
        return new LoadedModel(
            CheckpointInspector.Describe(state, recognised),
            engine is { Device: "cpu", Precision: Precision.Float32 }
                ? OnnxRuntimeEngine.Load(network, answer, weights, engine)
                : LibtorchEngine.Load(network, answer, weights, engine),
            network.Takes);
    }

    // What a program answers with, it alone knows: its submitter says so.
    private static void RequireOutput(ModelRequest request)
    {
        if (request.Wanted == NetworkOutput.Features && request.Gives != NetworkOutput.Features)
        {
            throw new EvaluationFailedException(
                FailureCodes.FeaturesUnavailable,
                "This protocol learns on features. Of TorchScript and ONNX they are taken where the program answers with "
                + "them, [N, features], and the submission says so: \"output\": \"features\". Or send the weights alone.");
        }
    }
}
