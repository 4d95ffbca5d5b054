using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Models;

/// <summary>Loading and running models as tests do it over and over.</summary>
internal static class Loading
{
    public static readonly EngineRequest Cpu = new("cpu", "float32", Environment.ProcessorCount, Path.GetTempPath());

    public static LoadedModel Load(string path, ModelRequest? request = null) =>
        ModelLoader.Load(path, request ?? Reading.Plain, Cpu);

    /// <summary>The same by libtorch, which runs networks on GPUs.</summary>
    public static Engine LoadByLibtorch(string path, ModelRequest? request = null)
    {
        using var file = CheckpointFile.Open(path);
        var recognised = Recognition.Recognise(StateDict.Of(file, weights: null), request?.Architecture);
        var network = recognised.Network;
        return LibtorchEngine.Load(network, network.Logits!.Value, new Weights(network, recognised.Entries), Cpu);
    }

    /// <summary>A network's answer to images of this shape, [N, 3, height, width].</summary>
    public static Output Run(Engine engine, ReadOnlySpan<float> images, params long[] shape)
    {
        var image = new ImageSize((int)shape[3], (int)shape[2]);
        var (count, length) = ((int)shape[0], (int)image.Bytes);
        var (layout, batch) = engine.FormatOf(image);
        using var memory = new BatchMemory(Math.Max(count, batch) * (long)length * sizeof(float));
        for (var i = 0; i < count; i++)
        {
            var planes = images.Slice(i * length, length);
            var place = memory.Floats((long)i * length, length);
            for (var j = 0; j < length; j++)
            {
                var (pixel, channel) = (j % (length / 3), j / (length / 3));
                place[layout == PixelLayout.Planes ? j : (3 * pixel) + channel] = planes[j];
            }
        }
        return engine.Forward(new ImageBatch(First: 0, count, image, layout, memory));
    }

    /// <summary>Asserts that logits agree to 1e-4 of the largest.</summary>
    public static void AssertClose(float[] expected, ReadOnlyMemory<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        Assert.All(
            expected.Zip(actual.ToArray()),
            pair => Assert.InRange(pair.Second - pair.First, -1e-4 * scale, 1e-4 * scale));
    }
}
