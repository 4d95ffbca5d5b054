using System.Collections.Concurrent;
using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Runner;

/// <summary><c>check</c>: decodes every image as evaluations do, and tells which cannot be.</summary>
internal static class CheckCommand
{
    public static void Execute(CheckRequest request, Action<RunnerEvent> send)
    {
        using var samples = SampleList.Open(request.Images.List);
        using var decoders = new ThreadLocal<Decoder>(() => new Decoder(), trackAllValues: true);
        var progress = new ProgressMeter(samples.Count, send);
        var unreadable = new ConcurrentBag<UnreadableImage>();
        EachSample.Do(
            samples.Count,
            request.Threads,
            progress,
            index =>
            {
                try
                {
                    decoders.Value!.Decode(request.Images.Folder, samples[index]);
                }
                catch (EvaluationFailedException failure)
                {
                    unreadable.Add(new UnreadableImage(index, failure.Message));
                }
            },
            CancellationToken.None);
        foreach (var decoder in decoders.Values)
        {
            decoder.Dispose();
        }
        send(new Checked([.. unreadable.OrderBy(image => image.Index)]));
    }

    private sealed class Decoder : IDisposable
    {
        private readonly ImageDecoder decoder = new();
        private readonly RgbBuffer pixels = new();
        private byte[] file = new byte[1 << 18];

        public void Decode(string folder, string sample) =>
            decoder.Decode(ImageFiles.Read(folder, sample, ref file), sample, pixels);

        public void Dispose() => decoder.Dispose();
    }
}
