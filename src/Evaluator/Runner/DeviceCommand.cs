using System.Globalization;
using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;
using TorchSharp;

namespace Leaderboard.Evaluator.Runner;

/// <summary>
/// <c>device</c>: has libtorch take a batch on a device, the whole way there and back, to see at start that it works
/// where evaluations will run.
/// </summary>
internal static class DeviceCommand
{
    private static readonly ImageSize Image = new(16, 16);

    private static readonly EvalTransform Transform =
        new(Resize: null, EvalTransform.Bilinear, Crop: null, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);

    /// <exception cref="EvaluationFailedException">The device does not work; the message says why.</exception>
    public static void Execute(DeviceRequest request, Action<RunnerEvent> send)
    {
        if (ProblemOf(request.Device) is { } problem)
        {
            throw new EvaluationFailedException(FailureCodes.WorkerFailed, problem);
        }
        send(new DeviceReady(Libtorch.Version));
    }

    private static string? ProblemOf(string device)
    {
        try
        {
            Libtorch.Load();
        }
        catch (Exception unloadable) when (unloadable is DllNotFoundException or InvalidDataException)
        {
            return $"its libtorch cannot be loaded: {unloadable.Message.TrimEnd('.')}";
        }
        if (device != "cpu" && Missing(int.Parse(device.AsSpan("cuda:".Length), CultureInfo.InvariantCulture)) is { } missing)
        {
            return missing;
        }
        try
        {
            return Normalises(device) ? null : $"libtorch {Libtorch.Version} normalises images wrongly on it";
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException or DllNotFoundException or EvaluationFailedException)
        {
            return $"libtorch {Libtorch.Version} fails on it: {e.Message}";
        }
    }

    private static string? Missing(int gpu) =>
        !Libtorch.HasCuda
            ? $"libtorch {Libtorch.Version} is built for CPUs alone; set {LibtorchFolder.Variable} to the folder of one for CUDA"
            : !torch.cuda.is_available()
                ? $"libtorch {Libtorch.Version} sees no GPU: a driver is missing, or too old for it"
                : torch.cuda.device_count() is var count && gpu >= count
                    ? $"libtorch {Libtorch.Version} sees {count} GPU(s), counted from 0"
                    : null;

    // A network that does nothing answers with the pixels that it is given.
    private static bool Normalises(string device)
    {
        using var engine = new LibtorchEngine(
            images => images.permute(0, 2, 3, 1).flatten(1), Stream.Null,
            new EngineRequest(device, Precision.Float32, Threads: 1, Path.GetTempPath()), tellsChannels: true);
        var pixels = new byte[Image.Bytes];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(i / 3);
        }
        var expected = new float[pixels.Length];
        var normalisation = new Normalisation(Transform);
        normalisation.ToChannelsLast(pixels, expected);

        var format = engine.FormatOf(Image) with { Size = 1 };
        using var memory = new BatchMemory(format.ImageBytes(Image));
        new BatchWriter(Transform, format, Image).Write(pixels, memory, place: 0);
        var batch = new ImageBatch(First: 0, Count: 1, Image, format.Layout, memory, normalisation);
        return engine.ForwardAll([batch, batch, batch]).All(pair => pair.Answer.Values.Span.SequenceEqual(expected));
    }
}
