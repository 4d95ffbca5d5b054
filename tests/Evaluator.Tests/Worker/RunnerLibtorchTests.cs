using System.Diagnostics;
using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Features;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed partial class RunnerLibtorchTests : IDisposable
{
    private readonly TemporaryFolder site = new();
    private readonly Sandbox sandbox = Sandbox.Probe();

    public void Dispose() => site.Dispose();

    [Fact]
    public void Without_LIBTORCH_a_runner_on_a_CPU_is_shown_nothing_more()
    {
        var libtorch = new RunnerLibtorch(new WorkerOptions(), folder: null);

        Assert.False(libtorch.NeedsChecking);
        Assert.Empty(libtorch.Mounts);
        Assert.Empty(libtorch.Devices);
        Assert.Empty(libtorch.Environment(sandbox));
    }

    [Fact]
    public void A_PyTorch_installation_is_mounted_beside_the_libraries_of_NVIDIA_that_it_looks_for()
    {
        Directory.CreateDirectory(site.At("torch", "lib"));
        Directory.CreateDirectory(site.At("nvidia"));

        var libtorch = new RunnerLibtorch(new WorkerOptions(), new LibtorchFolder(site.At("torch"), "2.10.0+cu128"));

        Assert.True(libtorch.NeedsChecking);
        Assert.Equal(
            [new Mount(site.At("torch"), "/runner/libtorch/torch"), new Mount(site.At("nvidia"), "/runner/libtorch/nvidia")],
            libtorch.Mounts);
        Assert.Equal(
            [new("LIBTORCH", sandbox.Seen(libtorch.Mounts.First()))], libtorch.Environment(sandbox));
    }

    [Fact]
    public void Two_libtorches_are_told_apart_and_share_no_features()
    {
        Directory.CreateDirectory(site.At("torch", "lib"));
        File.WriteAllText(site.At("torch", "lib", "libtorch_cpu.so"), "another build");

        var bundled = Features(folder: null);
        string[] others =
        [
            Features(new LibtorchFolder(site.At("torch"), "2.10.0")), Features(new LibtorchFolder(site.At("torch"), "2.10.0+cu128")),
        ];

        Assert.Equal(bundled, Features(folder: null));
        Assert.Equal(3, others.Append(bundled).Distinct().Count());

        static string Features(LibtorchFolder? folder) => new FeatureRecipe(
            "checkpoint", null, null, false, "manifest", Goldens.WholeImage, "float32", "cpu",
            FeatureRecipe.CurrentLibraries(new RunnerProcess(Sandbox.Probe(), new WorkerOptions(), folder).LibtorchDescription),
            FeatureRecipe.CurrentSoftware).Key();
    }

    [Fact]
    public void A_runner_on_a_GPU_is_shown_the_nodes_of_GPUs_and_where_the_drivers_libraries_are()
    {
        var libtorch = new RunnerLibtorch(new WorkerOptions { Device = "cuda:0" }, folder: null);

        Assert.True(libtorch.NeedsChecking);
        Assert.All(libtorch.Devices, node => Assert.StartsWith("/dev/nvidia", node, StringComparison.Ordinal));
        Assert.Equal(
            File.Exists("/etc/ld.so.cache") ? [new Mount("/etc/ld.so.cache", "/etc/ld.so.cache")] : [], libtorch.Mounts);
    }

    [Fact]
    public async Task A_runner_in_the_sandbox_works_with_the_libtorch_of_LIBTORCH()
    {
        Assert.SkipWhen(sandbox.Unavailable is not null, sandbox.Unavailable ?? "");
        var folder = Libtorch((from, to) => File.Copy(from, to));

        var ready = await new RunnerProcess(sandbox, new WorkerOptions(), LibtorchFolder.Open(folder)).RunAsync<DeviceReady>(
            "device", new DeviceRequest("cpu"), [],
            new RunnerLimits(TimeSpan.FromMinutes(2), 8_000_000_000, RunnerLimits.SmallFiles),
            onEvent: null, TestContext.Current.CancellationToken);

        // The bundled one calls itself 2.10.0.
        Assert.Equal("2.10.0+cpu", ready.Libtorch);
    }

    [Fact]
    public async Task Of_a_process_every_library_of_libtorch_comes_from_LIBTORCH()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Libtorch((from, to) => File.CreateSymbolicLink(to, from));
        using var process = TryDevice(folder);
        var loader = process.StandardError.ReadToEndAsync(cancellationToken);

        Assert.Contains("device_ready", await process.StandardOutput.ReadToEndAsync(cancellationToken), StringComparison.Ordinal);
        var initialised = InitialisedLibrary().Matches(await loader).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.Equal(
            new[] { "libc10.so", "libtorch.so", "libtorch_cpu.so" }.Select(name => Path.Combine(folder, "lib", name)),
            initialised.Where(path => LibraryOfLibtorch().IsMatch(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_libtorch_that_cannot_be_used_ends_the_trial_with_the_reason()
    {
        Directory.CreateDirectory(site.At("torch", "lib"));
        File.WriteAllText(site.At("torch", "lib", "libtorch_cpu.so"), "");
        File.WriteAllText(site.At("torch", "build-version"), "2.4.1");
        using var process = TryDevice(site.At("torch"));
        process.BeginErrorReadLine();
        var told = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains("\"failed\"", told, StringComparison.Ordinal);
        Assert.Contains("a libtorch 2.4.1; this program needs libtorch 2.10.0", told, StringComparison.Ordinal);
    }

    private static Process TryDevice(string libtorch)
    {
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Leaderboard.Evaluator.dll"), "device"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LIBTORCH"] = libtorch, ["LD_DEBUG"] = "libs" },
        })!;
        process.StandardInput.WriteLine("{\"device\":\"cpu\"}");
        process.StandardInput.Close();
        return process;
    }

    // The bundled one under another name.
    private string Libtorch(Action<string, string> bring)
    {
        Directory.CreateDirectory(site.At("libtorch", "lib"));
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "libtorch", "lib")))
        {
            bring(file, site.At("libtorch", "lib", Path.GetFileName(file)));
        }
        File.WriteAllText(site.At("libtorch", "build-version"), "2.10.0+cpu");
        return site.At("libtorch");
    }

    [GeneratedRegex(@"calling init: (\S+)")]
    private static partial Regex InitialisedLibrary();

    [GeneratedRegex(@"/lib(torch|torch_cpu|c10)\.so")]
    private static partial Regex LibraryOfLibtorch();
}
