using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>Turns files of the dataset into normalised numbers; one a thread, its buffers are used again.</summary>
internal sealed class SampleReader(string dataset, EvalTransform transform, OutputSize output) : IDisposable
{
    private readonly Normalisation normalisation = new(transform);
    private readonly byte[] pixels = new byte[output.ImageBytes];
    private readonly ImageTransformer transformer = new(transform, output);
    private byte[] file = new byte[1 << 18];

    /// <summary>The size of every image of this dataset as the network is given it.</summary>
    public static OutputSize OutputSizeOf(string dataset, EvalTransform transform, string firstSample)
    {
        byte[] file = [];
        return OutputSize.Of(transform, ReadFile(dataset, firstSample, ref file), firstSample);
    }

    /// <summary>Writes the sample as float32, 3 x height x width, to <paramref name="destination"/>.</summary>
    public void Read(string sample, Span<float> destination)
    {
        transformer.Apply(ReadFile(dataset, sample, ref file), sample, pixels);
        normalisation.ToPlanes(pixels, destination);
    }

    public void Dispose() => transformer.Dispose();

    private static ReadOnlySpan<byte> ReadFile(string dataset, string sample, ref byte[] buffer)
    {
        try
        {
            using var handle = File.OpenHandle(Path.Combine(dataset, sample), options: FileOptions.SequentialScan);
            var length = checked((int)RandomAccess.GetLength(handle));
            if (buffer.Length < length)
            {
                buffer = new byte[length + length / 4];
            }
            var read = 0;
            while (read < length && RandomAccess.Read(handle, buffer.AsSpan(read, length - read), read) is var count and > 0)
            {
                read += count;
            }
            return buffer.AsSpan(0, read);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or OverflowException)
        {
            throw new EvaluationFailedException(FailureCodes.ImageUnreadable, $"{sample}: {gone.Message}");
        }
    }
}
