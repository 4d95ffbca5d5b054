using Leaderboard.Evaluator.Checkpoints;
using TorchSharp;

namespace Leaderboard.Evaluator.Models;

/// <summary>Turns a checkpoint's file into a model that runs.</summary>
internal static class ModelLoader
{
    /// <summary>Loads a checkpoint of any format onto a device; every number comes from the file.</summary>
    /// <exception cref="EvaluationFailedException">The file cannot be used; the code says why.</exception>
    public static LoadedModel Load(string path, ModelRequest request, torch.Device device)
    {
        using var file = CheckpointFile.Open(path);
        if (file.IsProgram)
        {
            return TorchScriptModel.Load(path, request, device);
        }
        var state = StateDict.Of(file, request.Weights);
        var recognised = Recognition.Recognise(state, request.Architecture);
        var network = recognised.Network;
        try
        {
            network.Fill(recognised.Entries, device);
        }
        catch (EvaluationFailedException)
        {
            network.Dispose();
            throw;
        }
        return new LoadedModel(CheckpointInspector.Describe(state, recognised), network.Forward, network);
    }
}
