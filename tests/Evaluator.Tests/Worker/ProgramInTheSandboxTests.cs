using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Leaderboard.Evaluator.Worker;

namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>A probe does in the sandbox what a hostile checkpoint would, and fails at each.</summary>
public sealed class ProgramInTheSandboxTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("leaderboard-sandbox-");
    private readonly Sandbox sandbox = Sandbox.Probe();

    public ProgramInTheSandboxTests()
    {
        foreach (var folder in new[] { "checkpoints/aa", "scratch", "dataset" })
        {
            home.CreateSubdirectory(folder);
        }
        File.WriteAllText(At("checkpoints/aa/mine"), "my checkpoint");
        File.WriteAllText(At("checkpoints/aa/other"), "another's checkpoint");
        File.WriteAllText(At("dataset/image"), "an image");
        File.WriteAllText(At("admin-key"), "the admin's key");
        sandbox.Hand(At("scratch"));
        Environment.SetEnvironmentVariable("ConnectionStrings__Probe", "Password=of-the-database");
    }

    public void Dispose() => home.Delete(recursive: true);

    [Fact]
    public void This_machine_has_a_sandbox() => Assert.Null(sandbox.Unavailable);

    [Fact]
    public async Task What_is_mounted_can_be_read_and_scratch_written()
    {
        var (exitCode, output) = await Run("cat /in/checkpoint /in/dataset/image && echo done > /scratch/result");

        Assert.Equal((0, "my checkpointan image"), (exitCode, output));
        Assert.Equal("done\n", await File.ReadAllTextAsync(At("scratch/result"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_is_nobody_without_any_capability()
    {
        var (_, output) = await Run("id -u; id -g; grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs)' /proc/self/status");

        Assert.StartsWith("65534\n65534\n", output, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", output, StringComparison.Ordinal);
        Assert.Contains("CapPrm:\t0000000000000000", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat /etc/shadow")]
    [InlineData("cat /etc/passwd")]
    [InlineData("ls /root")]
    [InlineData("ls /home")]
    [InlineData("ls /var")]
    [InlineData("ls /run")]
    [InlineData("ls /sys")]
    [InlineData("cat {home}/admin-key")]
    [InlineData("ls {home}")]
    [InlineData("cat {home}/checkpoints/aa/other")]
    [InlineData("cat /in/other")]
    [InlineData("cat /in/checkpoint/../other")]
    [InlineData("cat /proc/1/root{home}/admin-key")]
    public async Task It_cannot_read(string command) => Assert.NotEqual(0, (await Run(command)).ExitCode);

    [Theory]
    [InlineData("echo x > /in/checkpoint")]
    [InlineData("echo x > /in/dataset/image")]
    [InlineData("touch /in/new")]
    [InlineData("touch /in/dataset/new")]
    [InlineData("rm /in/dataset/image")]
    [InlineData("touch /usr/new")]
    [InlineData("touch /new")]
    [InlineData("mkdir -p {home}/new")]
    [InlineData("touch /tmp/new")]
    [InlineData("touch /dev/shm/new")]
    [InlineData("touch /dev/new")]
    [InlineData("echo core > /proc/sys/kernel/core_pattern")]
    [InlineData("mount -t tmpfs none /in")]
    [InlineData("mknod /scratch/disk b 8 0")]
    [InlineData("chown 0 /scratch")]
    [InlineData("head -c 20000000 /dev/zero > /scratch/large")]
    public async Task It_cannot_write(string command) => Assert.NotEqual(0, (await Run(command)).ExitCode);

    [Fact]
    public async Task It_sees_no_secret_in_any_environment()
    {
        var (_, output) = await Run("env; for f in /proc/[0-9]*/environ; do cat $f; done | tr '\\0' '\\n'");

        Assert.DoesNotContain("of-the-database", output, StringComparison.Ordinal);
        Assert.DoesNotContain("HOSTNAME", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_sees_only_its_own_processes_and_can_stop_no_other()
    {
        var (_, processes) = await Run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
        var (exitCode, _) = await Run($"kill -9 {Environment.ProcessId}");

        Assert.DoesNotContain("Evaluator.Tests", processes, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task It_connects_to_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var (exitCode, _) = await Run($"echo > /dev/tcp/127.0.0.1/{port}");
        var (_, interfaces) = await Run("tail -n +3 /proc/net/dev | cut -d: -f1");

        Assert.NotEqual(0, exitCode);
        Assert.Equal("lo", interfaces.Trim());
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task It_finds_no_socket_of_PostgreSQL()
    {
        var path = At(".s.PGSQL.5432");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();

        Assert.NotEqual(0, (await Run($"test -e {path}")).ExitCode);
        var (_, sockets) = await Run("find / -type s 2> /dev/null; tail -n +2 /proc/net/unix");
        Assert.Equal("", sockets);
    }

    [Fact]
    public async Task It_cannot_take_more_memory_than_its_limit()
    {
        // Twice the limit in one string of the shell.
        var (exitCode, _) = await Run("x=$(head -c 600000000 /dev/zero | tr '\\0' a); echo ${#x}");

        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task It_ends_with_the_process_that_started_it()
    {
        using var process = Process.Start(StartInfo("echo started; sleep 600"))!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // The end of the pipe means that the last process that held it is gone.
        Assert.Null(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private string At(string path) => Path.Combine(home.FullName, path);

    private ProcessStartInfo StartInfo(string command) => sandbox.StartInfo(
        ["/usr/bin/bash", "-c", command.Replace("{home}", home.FullName, StringComparison.Ordinal)],
        [
            new Mount(At("checkpoints/aa/mine"), "/in/checkpoint"),
            new Mount(At("dataset"), "/in/dataset"),
            new Mount(At("scratch"), "/scratch", Writable: true),
        ],
        new SandboxLimits(MemoryBytes: 300_000_000, FileBytes: 10_000_000),
        new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" });

    private async Task<(int ExitCode, string Output)> Run(string command)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var process = Process.Start(StartInfo(command))!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{process.ExitCode} {output} {await errors}");
        return (process.ExitCode, output);
    }
}
