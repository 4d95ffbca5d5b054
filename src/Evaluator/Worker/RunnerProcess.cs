using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Shared;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Thrown when a runner ends without saying why: killed, out of stack, crashed in native code.</summary>
/// <param name="message">What the submitter may read.</param>
/// <param name="log">The end of what it wrote to standard error: for the operator alone.</param>
internal sealed class RunnerCrashedException(string message, string log) : Exception(message)
{
    public string Log { get; } = log;
}

/// <summary>What a runner may take: wall time, private memory and length of any file that it writes, in bytes.</summary>
internal readonly record struct RunnerLimits(TimeSpan Time, long MemoryBytes, long FileBytes)
{
    /// <summary>
    /// Room for predictions, 24 bytes a sample, for the weights that ONNX Runtime maps, and for the files in memory that
    /// .NET compiles into.
    /// </summary>
    public const long SmallFiles = 4L << 30;
}

/// <summary>
/// One sandboxed child: <c>run</c>, <c>inspect</c>, <c>pack</c>, <c>check</c>, <c>learn</c> or <c>device</c>, from its
/// request to its last event.
/// </summary>
internal sealed class RunnerProcess(Sandbox sandbox, WorkerOptions options, LibtorchFolder? folder = null)
{
    private const int KeptErrorCharacters = 4000;
    private const int MaxEventCharacters = 64 << 20;

    private readonly RunnerLibtorch libtorch = new(options, folder);

    /// <summary>Whether libtorch may work here in another way than on every machine, or not at all.</summary>
    public bool NeedsDeviceCheck => libtorch.NeedsChecking;

    /// <summary>What tells the libtorch of a child from any other.</summary>
    public string LibtorchDescription => libtorch.Description;

    /// <summary>Whether what runs is safe enough for checkpoints that are programs.</summary>
    public bool AllowPrograms => sandbox.Unavailable is null || options.AllowProgramsWithoutSandbox;

    /// <summary>Path of a mount as the child sees it.</summary>
    public string Seen(Mount mount) => sandbox.Seen(mount);

    /// <summary>Lets the child write to a folder.</summary>
    public void HandOver(string folder) => sandbox.Hand(folder);

    /// <summary>Takes a file that the child has written.</summary>
    public void TakeBack(string file) => sandbox.TakeBack(file);

    /// <summary>
    /// Starts the child, hands each event to <paramref name="onEvent"/> and returns the last when the child has ended by
    /// itself with one of type <typeparamref name="TLast"/>. Throws <see cref="EvaluationFailedException"/> for the
    /// child's own failure and for the time limit, <see cref="RunnerCrashedException"/> where it died or ended with
    /// another event, <see cref="OperationCanceledException"/> where it was asked to stop, and what
    /// <paramref name="onEvent"/> throws. No child outlives the call.
    /// </summary>
    public Task<TLast> RunAsync<TLast>(
        string command,
        object request,
        IReadOnlyList<Mount> mounts,
        RunnerLimits limits,
        Action<RunnerEvent>? onEvent,
        CancellationToken cancellationToken)
        where TLast : RunnerEvent
    {
        // bubblewrap's --die-with-parent follows the thread that started it. A pool thread retires when it is idle
        // and would take the sandbox with it; this one lives exactly as long as the child.
        var ended = new TaskCompletionSource<TLast>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                ended.SetResult(Run<TLast>(command, request, mounts, limits, onEvent, cancellationToken));
            }
            catch (OperationCanceledException cancelled)
            {
                ended.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception failure) // handed on, not handled: it surfaces where the task is awaited
            {
                ended.SetException(failure);
            }
        })
        { Name = $"runner {command}", IsBackground = true };
        thread.Start();
        return ended.Task;
    }

    private TLast Run<TLast>(
        string command,
        object request,
        IReadOnlyList<Mount> mounts,
        RunnerLimits limits,
        Action<RunnerEvent>? onEvent,
        CancellationToken cancellationToken)
        where TLast : RunnerEvent
    {
        using var timeout = new CancellationTokenSource(limits.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var process = Process.Start(StartInfo(command, mounts, limits))!;
        var errors = Task.Factory.StartNew(
            () => ReadEnd(process.StandardError), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        RunnerEvent? last = null;
        using (stop.Token.Register(() => process.Kill(entireProcessTree: true)))
        {
            var isListening = false;
            var isWhole = false;
            try
            {
                process.StandardInput.WriteLine(JsonSerializer.Serialize(request, LeaderboardJson.Options));
                process.StandardInput.Flush();
                while (ReadLine(process.StandardOutput) is { } line)
                {
                    last = RunnerEvents.Parse(line);
                    isListening = true;
                    onEvent?.Invoke(last);
                    isListening = false;
                }
                isWhole = true;
            }
            // What the listener throws is no fault of the child's.
            catch (Exception broken) when (!isListening && broken is (IOException or JsonException or NotSupportedException))
            {
                last = null;
            }
            finally
            {
                if (!isWhole)
                {
                    process.Kill(entireProcessTree: true);
                }
                process.WaitForExit();
                errors.Wait(CancellationToken.None);
            }
        }

        switch (last)
        {
            case Failed failed:
                throw new EvaluationFailedException(failed.Code, failed.Message) { Sample = failed.Sample };
            case TLast result when process.ExitCode == 0:
                return result;
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout.IsCancellationRequested)
        {
            throw new EvaluationFailedException(FailureCodes.TimedOut, $"It took longer than the limit of {limits.Time}.");
        }
        throw new RunnerCrashedException(
            $"The runner ended with exit code {process.ExitCode} and without a result.", errors.Result);
    }

    private ProcessStartInfo StartInfo(string command, IReadOnlyList<Mount> mounts, RunnerLimits limits)
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/');
        var program = new Mount(AppContext.BaseDirectory.TrimEnd('/'), "/runner/program");
        // A published folder that carries the runtime needs no other; else the runtime's root is three folders up,
        // <root>/shared/Microsoft.NETCore.App/<version>.
        var selfContained = runtime == program.Source;
        var dotnet = new Mount(Path.GetFullPath(Path.Combine(runtime, "..", "..", "..")), "/runner/dotnet");
        string[] executable = selfContained
            ? [$"{sandbox.Seen(program)}/Leaderboard.Evaluator"]
            : [$"{sandbox.Seen(dotnet)}/dotnet", $"{sandbox.Seen(program)}/Leaderboard.Evaluator.dll"];
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["LANG"] = "C.UTF-8",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_gcConcurrent"] = "0",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["VIPS_BLOCK_UNTRUSTED"] = "1",
        };
        foreach (var (name, value) in libtorch.Environment(sandbox))
        {
            environment[name] = value;
        }
        var allowed = new SandboxLimits(limits.MemoryBytes, limits.FileBytes);
        IReadOnlyList<Mount> shown = [program, .. selfContained ? [] : new[] { dotnet }, .. libtorch.Mounts, .. mounts];
        return sandbox.StartInfo([.. executable, command], shown, allowed, environment, command is "run" or "learn" or "device" ? libtorch.Devices : []);
    }

    // A program may print without end and without line breaks: only the end is kept.
    private static string ReadEnd(StreamReader reader)
    {
        var kept = new StringBuilder();
        var buffer = new char[KeptErrorCharacters];
        int count;
        while ((count = reader.Read(buffer)) > 0)
        {
            kept.Append(buffer, 0, count);
            if (kept.Length > KeptErrorCharacters)
            {
                kept.Remove(0, kept.Length - KeptErrorCharacters);
            }
        }
        return kept.ToString();
    }

    // A hostile program may write to standard output too: a line without an end must not fill the worker's memory.
    private static string? ReadLine(StreamReader reader)
    {
        var line = new StringBuilder();
        int character;
        while ((character = reader.Read()) is not -1 and not '\n')
        {
            if (line.Append((char)character).Length > MaxEventCharacters)
            {
                throw new IOException("The runner sent a line without an end.");
            }
        }
        return character == -1 && line.Length == 0 ? null : line.ToString();
    }
}
