using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>pack</c>: decodes and transforms every image once, and leaves the pixels in a file.</summary>
internal static class PackCommand
{
    public static void Execute(PackRequest request, Action<RunnerEvent> send)
    {
        using var images = new ImageFiles(request.Images.Folder, request.Images.List, request.EvalTransform);
        var header = PackedFormat.Header(images.Count, images.Size);
        var length = PackedFormat.Length(images.Count, images.Size);
        if (length <= request.MaxBytes)
        {
            Write(images, header, length, request, new ProgressMeter(images.Count, send));
        }
        send(new Packed(images.Size.Width, images.Size.Height, length <= request.MaxBytes));
    }

    private static void Write(ImageFiles images, byte[] header, long length, PackRequest request, ProgressMeter progress)
    {
        // All room is taken at once: a full disk is told here, and not by half a file.
        using var file = File.OpenHandle(
            request.Output, FileMode.CreateNew, FileAccess.Write, FileShare.None, preallocationSize: length);
        RandomAccess.Write(file, header, fileOffset: 0);
        using var readers = new ThreadLocal<ImageReader>(images.NewReader, trackAllValues: true);
        try
        {
            EachSample.Do(
                images.Count,
                request.Threads,
                progress,
                index => RandomAccess.Write(
                    file, readers.Value!.Read(index), header.Length + (index * images.Size.Bytes)),
                CancellationToken.None);
        }
        finally
        {
            foreach (var reader in readers.Values)
            {
                reader.Dispose();
            }
        }
    }
}
