using System.Runtime.InteropServices;
using System.Text.Json;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Shared;
using Leaderboard.Shared.Evaluations;
using Microsoft.Win32.SafeHandles;

namespace Leaderboard.Evaluator.Runner;

/// <summary>The frame of a runner: one request in, lines of events out, failures told and not thrown.</summary>
internal static class RunnerHost
{
    private static readonly byte[] NewLine = [(byte)'\n'];

    public static int Execute<TRequest>(Action<TRequest, Action<RunnerEvent>> command)
    {
        using var events = TakeStandardOutput();
        var request = JsonSerializer.Deserialize<TRequest>(Console.In.ReadLine()!, LeaderboardJson.Options)!;
        try
        {
            command(request, Send);
        }
        catch (EvaluationFailedException failure)
        {
            Send(new Failed(failure.Code, failure.Message));
        }
        catch (Exception exhausted) when (LibtorchError.IsOutOfMemory(exhausted) || OnnxRuntimeError.IsOutOfMemory(exhausted))
        {
            Send(new Failed(FailureCodes.OutOfMemory, "The evaluation needs more memory than a runner may have."));
        }
        return 0;

        void Send(RunnerEvent message)
        {
            events.Write(JsonSerializer.SerializeToUtf8Bytes(message, LeaderboardJson.Options));
            events.Write(NewLine);
            events.Flush();
        }
    }

    // A TorchScript program may print: what it prints goes to standard error, and only this host can send events.
    private static FileStream TakeStandardOutput()
    {
        var events = dup(1);
        if (events < 0 || dup2(2, 1) < 0)
        {
            throw new IOException($"Standard output cannot be taken: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        return new FileStream(new SafeFileHandle(events, ownsHandle: true), FileAccess.Write, bufferSize: 1 << 16);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int dup(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern int dup2(int from, int to);
}
