using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;
using static TorchSharp.torch;

namespace Leaderboard.Demo;

/// <summary>
/// Samples as the network sees them: float32 images [N, 3, height, width] after the eval transform, int64 targets [N].
/// </summary>
internal sealed record LabelledImages(Tensor Images, Tensor Targets) : IDisposable
{
    public static LabelledImages Transform(DemoImage[] samples, EvalTransform transform)
    {
        var output = OutputSize.Of(transform, samples[0].Jpeg, "the first sample");
        var numbers = new float[samples.Length * output.ImageBytes];
        Parallel.For(
            0,
            samples.Length,
            () => new ImageTransformer(transform, output),
            (index, _, transformer) =>
            {
                Span<byte> pixels = new byte[output.ImageBytes];
                transformer.Apply(samples[index].Jpeg, $"sample {index}", pixels);
                var planes = numbers.AsSpan(index * output.ImageBytes, output.ImageBytes);
                new Normalisation(transform).ToPlanes(pixels, planes);
                return transformer;
            },
            transformer => transformer.Dispose());
        return new LabelledImages(
            tensor(numbers, [samples.Length, 3, output.Size.Height, output.Size.Width]),
            tensor(samples.Select(sample => (long)sample.Target).ToArray()));
    }

    public void Dispose()
    {
        Images.Dispose();
        Targets.Dispose();
    }
}
