using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Protocols;

/// <summary>Images that are decoded and transformed from the dataset's files as they are asked for.</summary>
internal sealed class ImageFiles : ImageSource
{
    private readonly string folder;
    private readonly OutputSize output;
    private readonly SampleList samples;
    private readonly EvalTransform transform;

    /// <param name="folder">The dataset's folder.</param>
    /// <param name="list">The file that lists its samples; see <see cref="SampleList"/>.</param>
    /// <param name="transform">What happens to each image.</param>
    public ImageFiles(string folder, string list, EvalTransform transform)
    {
        (this.folder, this.transform) = (folder, transform);
        samples = SampleList.Open(list);
        byte[] file = [];
        output = OutputSize.Of(transform, Read(folder, samples[0], ref file), samples[0]);
    }

    public override int Count => samples.Count;

    public override ImageSize Size => output.Size;

    public override int UsefulThreads(int available) => available;

    public override ImageReader NewReader() => new Reader(this);

    public override void Dispose() => samples.Dispose();

    /// <summary>A sample's file, in a buffer that is made larger where it must be.</summary>
    public static ReadOnlySpan<byte> Read(string folder, string sample, ref byte[] buffer)
    {
        try
        {
            using var handle = File.OpenHandle(Path.Combine(folder, sample), options: FileOptions.SequentialScan);
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
            throw new EvaluationFailedException(FailureCodes.ImageUnreadable, $"{sample}: {DatasetFailure.Reason(gone)}");
        }
    }

    private sealed class Reader(ImageFiles source) : ImageReader
    {
        private readonly byte[] pixels = new byte[source.output.ImageBytes];
        private readonly ImageTransformer transformer = new(source.transform, source.output);
        private byte[] file = new byte[1 << 18];

        public override ReadOnlySpan<byte> Read(int index)
        {
            var sample = source.samples[index];
            transformer.Apply(ImageFiles.Read(source.folder, sample, ref file), sample, pixels);
            return pixels;
        }

        public override void Dispose() => transformer.Dispose();
    }
}
