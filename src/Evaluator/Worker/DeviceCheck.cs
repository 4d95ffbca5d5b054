using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Tries a worker's libtorch and device before the first evaluation does: in the sandbox, as evaluations are run.</summary>
internal static class DeviceCheck
{
    // A driver may have to compile kernels for its GPU first.
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Why evaluations cannot run here; null where they can.</summary>
    public static async Task<string?> RunAsync(
        Sandbox sandbox, WorkerOptions options, CancellationToken cancellationToken = default)
    {
        try
        {
            var runner = new RunnerProcess(sandbox, options, LibtorchFolder.FromEnvironment());
            if (runner.NeedsDeviceCheck)
            {
                await runner.RunAsync<DeviceReady>(
                    "device", new DeviceRequest(options.Device), [],
                    new RunnerLimits(TimeLimit, options.MemoryBytes, RunnerLimits.SmallFiles), onEvent: null, cancellationToken);
            }
            return null;
        }
        catch (InvalidDataException unfit)
        {
            return unfit.Message;
        }
        catch (EvaluationFailedException failure)
        {
            return $"Evaluator__Device is {options.Device}, but {failure.Message}.";
        }
        catch (RunnerCrashedException crash)
        {
            return $"Evaluator__Device is {options.Device}, but a runner that tries it crashes: {crash.Message}\n{crash.Log}";
        }
    }
}
