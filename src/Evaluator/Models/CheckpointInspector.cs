using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Shared.Checkpoints;

namespace Leaderboard.Evaluator.Models;

/// <summary>Looks into a checkpoint without running it.</summary>
internal static class CheckpointInspector
{
    /// <summary>What a checkpoint holds and which network it fills.</summary>
    /// <exception cref="EvaluationFailedException">The file cannot be used as it is; the code says why.</exception>
    public static CheckpointInspection Inspect(string path, ModelRequest request)
    {
        using var file = CheckpointFile.Open(path);
        switch (file.Kind)
        {
            case CheckpointKind.Program:
                return TorchScriptModel.Inspect(path, request);
            case CheckpointKind.Onnx:
                return OnnxModel.Inspect(path);
        }
        var state = StateDict.Of(file, request.Weights);
        return Describe(state, Recognition.Recognise(state, request.Architecture));
    }

    public static CheckpointInspection Describe(StateDict state, RecognisedNetwork recognised)
    {
        var loadedAs = recognised.Entries.ToDictionary(pair => pair.Value, pair => pair.Key);
        return new CheckpointInspection(
            recognised.Architecture,
            recognised.How,
            recognised.Network.ParameterCount,
            recognised.Network.ClassCount,
            [.. state.Tensors.Select(entry => new InspectedTensor(
                entry.FileName, entry.Tensor.Dtype.Name, entry.Tensor.Shape, loadedAs.GetValueOrDefault(entry)))],
            state.Skipped);
    }
}
