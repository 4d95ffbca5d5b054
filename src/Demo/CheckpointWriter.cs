using Leaderboard.Evaluator.Checkpoints;
using static TorchSharp.torch;

namespace Leaderboard.Demo;

/// <summary>Writes a network as safetensors: parameters and running statistics, float32.</summary>
internal static class CheckpointWriter
{
    public static void Write(string path, nn.Module network)
    {
        // num_batches_tracked, the one integer, has no influence on what the network computes.
        var tensors = network.state_dict().Where(entry => entry.Value.dtype == ScalarType.Float32).ToList();
        var announced = tensors
            .Select(entry => new AnnouncedTensor(entry.Key, TensorDtype.Float32, entry.Value.shape))
            .ToList();
        using var stream = File.Create(path);
        var writer = new SafetensorsWriter(stream, announced);
        foreach (var (_, tensor) in tensors)
        {
            writer.Write(tensor.bytes);
        }

        writer.Complete();
    }
}
