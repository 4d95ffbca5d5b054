using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>One program of the solution, running; its output is shown when it ends otherwise than expected.</summary>
public sealed class Program : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentQueue<string> output = new();
    private readonly Process process;

    private Program(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    /// <summary>What it has written, its last 200 lines.</summary>
    public string Output => string.Join('\n', output);

    /// <summary>Starts what was built of a project under <c>src</c>, in the tests' own configuration.</summary>
    public static Program Start(string project, string[] arguments, Dictionary<string, string> environment)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var name = project == "Cli" ? "leaderboard" : $"Leaderboard.{project}";
        var assembly = Path.Combine(Repository.Root, "src", project, "bin", configuration, "net10.0", $"{name}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        return new Program(Process.Start(start)!);
    }

    /// <summary>The memory that it holds, and the most that it has held, in bytes.</summary>
    public (long Now, long Peak) MemoryBytes
    {
        get
        {
            process.Refresh();
            return (process.WorkingSet64, process.PeakWorkingSet64);
        }
    }

    public async Task ExitsAsync(int expected)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == expected, $"It ended with {process.ExitCode}:\n{Output}");
    }

    /// <summary>Ends it at once, without a chance to clean up, and nothing that it started.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to end, as Ctrl-C and service managers do.</summary>
    public void Terminate() => _ = kill(process.Id, 15);

    /// <summary>Ends the runner that it has started, as the kernel does when memory is short.</summary>
    public void KillRunner() => _ = kill(RunnerId(), 9);

    /// <summary>Has the runner that it has started stand still, and whatever that has started.</summary>
    public void PauseRunner() => SignalRunner(19);

    /// <summary>Has it go on.</summary>
    public void ResumeRunner() => SignalRunner(18);

    /// <summary>Whether a runner that it has started is alive.</summary>
    public bool HasRunner => FindRunner() is not null;

    /// <summary>The command line of the runner that it has started: what the sandbox shows, and what runs in it.</summary>
    public string[] RunnerArguments() => File.ReadAllText($"/proc/{RunnerId()}/cmdline").Split('\0');

    private int RunnerId() =>
        FindRunner() ?? throw new InvalidOperationException($"Worker {process.Id} has no runner.");

    private int? FindRunner() => Children(process.Id)
        .Where(child => TryRead($"/proc/{child}/comm") == "bwrap\n").Cast<int?>().FirstOrDefault();

    private void SignalRunner(int signal)
    {
        var family = new Queue<int>([RunnerId()]);
        while (family.TryDequeue(out var member))
        {
            _ = kill(member, signal);
            foreach (var child in Children(member))
            {
                family.Enqueue(child);
            }
        }
    }

    private static int[] Children(int parent)
    {
        var threads = $"/proc/{parent}/task";
        return Directory.Exists(threads)
            ?
            [
                .. Directory.GetDirectories(threads)
                    .SelectMany(thread => (TryRead($"{thread}/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
            ]
            : [];
    }

    // What has ended meanwhile has none.
    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Terminate();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"It did not end when asked to:\n{Output}");
            }
        }
        process.Dispose();
    }

    public void Dispose() => process.Dispose();

    private void Keep(string? line)
    {
        if (line is not null)
        {
            output.Enqueue(line);
            if (output.Count > 200)
            {
                output.TryDequeue(out _);
            }
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
