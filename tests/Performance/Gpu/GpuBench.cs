using System.Globalization;
using Leaderboard.Evaluator;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Performance.Gpu;

/// <summary>The subjects of <c>scripts/bench-gpu</c>.</summary>
internal static class GpuBench
{
    /// <summary>A device that does not work, or a libtorch that does not fit.</summary>
    private const int NoDevice = 3;

    /// <summary>A network that this version does not know.</summary>
    private const int NoNetwork = 4;

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["device", var device]:
                return Try(device);
            case ["weights", var network, var output, var folder, var count]:
                return WriteWeights(network, output, folder, count) ? 0 : NoNetwork;
            case ["images", var folder, var count]:
                Material.WriteImages(folder, Number(count));
                return 0;
            case ["measure", var device, var network, var precision, var weights, var folder, var count]:
                using (var evaluating = Evaluating(device, precision, weights, folder, count))
                {
                    Measurement.Print(evaluating.FromFiles($"files {network} {precision}"));
                    Measurement.Print(evaluating.FromPacked($"packed {network} {precision}"));
                    Measurement.Print(evaluating.Forward($"forward {network} {precision}"));
                }
                return 0;
            case ["reference", var network, var weights, var folder, var count]:
                using (var evaluating = Evaluating("cpu", "float32", weights, folder, count))
                {
                    Measurement.Print(evaluating.Reference($"reference {network}"));
                }
                return 0;
            case ["report", var measured, var output, var gpu]:
                return GpuReport.Print(measured, output, gpu) ? 0 : 1;
            default:
                Console.Error.WriteLine(
                    "usage: Leaderboard.Performance gpu device DEVICE | weights NETWORK OUT FOLDER COUNT | images FOLDER COUNT | "
                    + "measure DEVICE NETWORK PRECISION WEIGHTS FOLDER COUNT | reference NETWORK WEIGHTS FOLDER COUNT | "
                    + "report MEASURED OUTPUT GPU");
                return 2;
        }
    }

    private static bool WriteWeights(string network, string output, string folder, string count)
    {
        if (!Material.WriteWeights(network, output))
        {
            return false;
        }
        double[] mean;
        using (var evaluating = Evaluating("cpu", "float32", output, folder, count))
        {
            mean = evaluating.MeanLogits();
        }
        return Material.WriteWeights(network, output, mean);
    }

    private static int Try(string device)
    {
        try
        {
            DeviceCommand.Execute(new DeviceRequest(device), _ => Console.WriteLine($"libtorch {Libtorch.Version}"));
            return 0;
        }
        catch (Exception problem) when (problem is EvaluationFailedException or InvalidDataException)
        {
            Console.Error.WriteLine(problem.Message);
            return NoDevice;
        }
    }

    private static GpuEvaluating Evaluating(string device, string precision, string weights, string folder, string count) => new(
        new LoadRequest(weights, null, null, AllowPrograms: false, device, Environment.ProcessorCount),
        precision, folder, Number(count));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
