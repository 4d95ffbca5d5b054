using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Performance;

/// <summary>How fast batches come from packed images, with nobody computing on them.</summary>
internal static class Feeding
{
    private const int MinImages = 4000;

    /// <param name="folder">A folder of JPEG files, which is packed first.</param>
    /// <param name="layout">A <see cref="PixelLayout"/>.</param>
    public static Measured FromPacked(string folder, string layout)
    {
        var scratch = Directory.CreateTempSubdirectory("feeding-");
        var (list, packed) = (Path.Combine(scratch.FullName, "samples"), Path.Combine(scratch.FullName, PackedFormat.ImagesFile));
        var files = Measurement.JpegFiles(folder);
        SampleList.Write(list, files.Select(file => Path.GetRelativePath(folder, file)));
        PackCommand.Execute(
            new PackRequest(
                new FilesRequest(folder, list), Decoding.ImageNet, packed, long.MaxValue, Environment.ProcessorCount),
            _ => { });
        using (var images = new PackedImages(packed, files.Count, new(224, 224)))
        {
            var measured = Measure(images, Enum.Parse<PixelLayout>(layout, ignoreCase: true));
            scratch.Delete(recursive: true);
            return measured;
        }
    }

    private static Measured Measure(PackedImages images, PixelLayout layout)
    {
        var format = BatchFormat.ForCpu(layout, images.Size);
        var (done, start) = (0, 0L);
        while (done < MinImages)
        {
            using var batches = new ImageBatches(images, Decoding.ImageNet, format, Environment.ProcessorCount);
            while (batches.Next() is { } batch)
            {
                // The first round brings file and code into memory.
                done += start == 0 ? 0 : batch.Count;
                batches.Release(batch);
            }
            start = start == 0 ? Stopwatch.GetTimestamp() : start;
        }
        return new Measured($"feed {layout}", done, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
