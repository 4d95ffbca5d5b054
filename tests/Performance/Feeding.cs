using System.Diagnostics;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Performance;

/// <summary>How fast batches come, with nobody computing on them.</summary>
internal static class Feeding
{
    private const int MinImages = 4000;

    /// <summary>Decodes a folder into a packed file.</summary>
    public static void Pack(string folder, string output)
    {
        var files = Measurement.JpegFiles(folder);
        var list = WriteList(folder);
        var start = Stopwatch.GetTimestamp();
        PackCommand.Execute(
            new PackRequest(new FilesRequest(folder, list), Decoding.ImageNet, output, long.MaxValue, Environment.ProcessorCount),
            _ => { });
        Measurement.Print(files.Count, Stopwatch.GetElapsedTime(start).TotalSeconds);
        File.Delete(list);
    }

    /// <summary>Batches from a packed file of the folder's images, in a layout of <see cref="PixelLayout"/>.</summary>
    public static void FromPacked(string folder, string packed, string layout)
    {
        using var images = new PackedImages(packed, Measurement.JpegFiles(folder).Count, new(224, 224));
        Measure(images, layout);
    }

    /// <summary>Batches from the files.</summary>
    public static void FromFiles(string folder, string layout)
    {
        var list = WriteList(folder);
        using var images = new ImageFiles(folder, list, Decoding.ImageNet);
        Measure(images, layout);
        File.Delete(list);
    }

    private static void Measure(ImageSource images, string layout)
    {
        var format = BatchFormat.ForCpu(Enum.Parse<PixelLayout>(layout, ignoreCase: true), images.Size);
        var (done, start) = (0, 0L);
        while (done < MinImages)
        {
            using var batches = new ImageBatches(images, Decoding.ImageNet, format, Environment.ProcessorCount);
            while (batches.Next() is { } batch)
            {
                // The first round brings files and code into memory.
                done += start == 0 ? 0 : batch.Count;
                batches.Release(batch);
            }
            start = start == 0 ? Stopwatch.GetTimestamp() : start;
        }
        Measurement.Print(done, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static string WriteList(string folder)
    {
        var list = Path.GetTempFileName();
        SampleList.Write(list, Measurement.JpegFiles(folder).Select(file => Path.GetRelativePath(folder, file)));
        return list;
    }
}
