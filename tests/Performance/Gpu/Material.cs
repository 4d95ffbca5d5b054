using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Architectures;

namespace Leaderboard.Performance.Gpu;

/// <summary>What is measured on where nothing real is at hand: seeded weights and pictures.</summary>
internal static class Material
{
    private const int ClassCount = 1000;

    /// <summary>Writes a network of <see cref="ModelRegistry"/> with random weights, named as torchvision names them.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="meanLogits">What to subtract from its logits; null for nothing.</param>
    /// <returns>False where no such network is known.</returns>
    public static bool WriteWeights(string network, string output, double[]? meanLogits = null)
    {
        var known = ModelRegistry.Architectures.FirstOrDefault(architecture => architecture.Name == network);
        if (known is null)
        {
            return false;
        }
        var tensors = known.Create(ClassCount).Expected.Where(tensor => !tensor.IsOptional).ToList();
        var random = new Random(1);
        using var file = File.Create(output);
        var writer = new SafetensorsWriter(
            file, [.. tensors.Select(tensor => new AnnouncedTensor(tensor.Name, TensorDtype.Float32, tensor.Shape))]);
        foreach (var tensor in tensors)
        {
            var numbers = new float[tensor.Count];
            Fill(numbers, tensor, random);
            if (meanLogits is not null && tensor == tensors[^1])
            {
                // The classifier's bias. Without it, a random network answers to every image with the same class.
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = (float)-meanLogits[i];
                }
            }
            writer.Write(MemoryMarshal.AsBytes<float>(numbers));
        }
        writer.Complete();
        return true;
    }

    /// <summary>Writes JPEG files of 500 x 375 pixels: waves of random direction, and noise.</summary>
    public static void WriteImages(string folder, int count)
    {
        const int Width = 500, Height = 375;
        var random = new Random(1);
        var pixels = new byte[3 * Width * Height];
        Directory.CreateDirectory(folder);
        for (var i = 0; i < count; i++)
        {
            Span<double> waves = [.. Enumerable.Range(0, 9).Select(_ => random.NextDouble() * 0.2)];
            for (var j = 0; j < pixels.Length; j++)
            {
                var (x, y, channel) = (j / 3 % Width, j / 3 / Width, j % 3);
                var wave = Math.Sin((waves[channel] * x) + (waves[channel + 3] * y)) * Math.Cos(waves[channel + 6] * x);
                pixels[j] = (byte)(128 + (100 * wave) + random.Next(-20, 20));
            }
            using var image = NetVips.Image.NewFromMemory(pixels, Width, Height, 3, NetVips.Enums.BandFormat.Uchar);
            image.Jpegsave(Path.Combine(folder, $"{i:00000}.jpg"), q: 90);
        }
    }

    // He et al. 2015, https://arxiv.org/abs/1502.01852: signals keep their size through the layers. Norms do nothing but
    // make a residual branch small, or sixteen of them would make the logits so large that float32 rounds them coarsely.
    private static void Fill(float[] numbers, ExpectedTensor tensor, Random random)
    {
        if (tensor.Shape.Length == 1)
        {
            var isScale = tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
                || tensor.Name.EndsWith(".running_var", StringComparison.Ordinal);
            var isLastOfBranch = tensor.Name.EndsWith(".bn3.weight", StringComparison.Ordinal);
            numbers.AsSpan().Fill(isLastOfBranch ? 0.2f : isScale ? 1 : 0);
            return;
        }
        var scale = Math.Sqrt(2.0 / (tensor.Count / tensor.Shape[0]));
        for (var i = 0; i < numbers.Length; i++)
        {
            var (radius, angle) = (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), 2 * Math.PI * random.NextDouble());
            numbers[i] = (float)(scale * radius * Math.Cos(angle));
        }
    }
}
