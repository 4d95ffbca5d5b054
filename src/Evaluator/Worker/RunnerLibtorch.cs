using Leaderboard.Evaluator.Models.Engines;

namespace Leaderboard.Evaluator.Worker;

/// <summary>
/// What a sandboxed child is shown beside its files so that its libtorch works: the folder that the worker's LIBTORCH
/// names, and for a CUDA device the GPUs and what the driver's libraries are found by.
/// </summary>
internal sealed class RunnerLibtorch(WorkerOptions options, LibtorchFolder? folder)
{
    private static readonly string[] DriverVariables = ["CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH"];

    private readonly Mount? mount = folder is null ? null : new Mount(folder.Path, "/runner/libtorch/torch");

    /// <summary>Whether any of it differs from what every machine has.</summary>
    public bool NeedsChecking => folder is not null || UsesGpu;

    /// <summary>What tells it from any other; see <see cref="Libtorch.Describe"/>.</summary>
    public string Description { get; } = Libtorch.Describe(folder);

    /// <summary>
    /// Read-only. Libraries of a PyTorch installation look for NVIDIA's in the folder beside theirs
    /// (<c>$ORIGIN/../../nvidia</c>, pytorch/pytorch <c>.ci/manywheel/build_cuda.sh</c>).
    /// </summary>
    public IEnumerable<Mount> Mounts
    {
        get
        {
            if (mount is { } torch)
            {
                yield return torch;
                var nvidia = Path.Combine(Path.GetDirectoryName(torch.Source)!, "nvidia");
                if (Directory.Exists(nvidia))
                {
                    yield return new Mount(nvidia, "/runner/libtorch/nvidia");
                }
            }
            // Container runtimes put the driver's libraries where only this file says.
            if (UsesGpu && File.Exists("/etc/ld.so.cache"))
            {
                yield return new Mount("/etc/ld.so.cache", "/etc/ld.so.cache");
            }
        }
    }

    /// <summary>Nodes of the GPUs.</summary>
    public string[] Devices => UsesGpu ? Directory.GetFiles("/dev", "nvidia*") : [];

    private bool UsesGpu => options.Device != "cpu";

    /// <summary>Variables of its environment.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment(Sandbox sandbox)
    {
        if (mount is { } torch)
        {
            yield return new(LibtorchFolder.Variable, sandbox.Seen(torch));
        }
        foreach (var name in UsesGpu ? DriverVariables : [])
        {
            if (System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                yield return new(name, value);
            }
        }
    }
}
