using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Worker;

/// <summary>A path that the sandbox shows, and where.</summary>
internal readonly record struct Mount(string Source, string Target, bool Writable = false);

/// <summary>
/// Starts programs inside bubblewrap: their own mount, process, network and IPC namespaces, an unprivileged user, an
/// empty environment, limits on memory and file size. Shown are <c>/usr</c>, <c>/lib*</c> and what the caller mounts.
/// </summary>
internal sealed class Sandbox
{
    private const string Bubblewrap = "/usr/bin/bwrap";
    private const string Nobody = "65534";
    private static readonly string[] SystemFolders = ["/bin", "/lib", "/lib32", "/lib64"];

    private Sandbox(string? unavailable) => Unavailable = unavailable;

    /// <summary>Why programs start without a sandbox; null where they start in one.</summary>
    public string? Unavailable { get; }

    /// <summary>Tries bubblewrap once on this machine.</summary>
    public static Sandbox Probe()
    {
        if (!File.Exists(Bubblewrap))
        {
            return new Sandbox($"{Bubblewrap} is not installed");
        }
        var sandbox = new Sandbox(unavailable: null);
        var start = sandbox.StartInfo(["/usr/bin/true"], [], new SandboxLimits(1 << 30, 1 << 20));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? sandbox : new Sandbox($"bubblewrap cannot run here: {error}");
    }

    /// <summary>How to start a program with all three standard streams redirected.</summary>
    public ProcessStartInfo StartInfo(
        IReadOnlyList<string> command,
        IReadOnlyList<Mount> mounts,
        SandboxLimits limits,
        IReadOnlyDictionary<string, string>? environment = null,
        IReadOnlyList<string>? devices = null)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        var arguments = Unavailable is null
            ? [Bubblewrap, .. Isolation(), .. FileSystem(mounts, devices ?? []), .. Variables(environment), "--",
                .. DropPrivileges(), .. Limits(limits), .. command]
            : (IEnumerable<string>)[.. Limits(limits), .. command];
        if (Unavailable is not null)
        {
            foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            {
                start.Environment[name] = value;
            }
        }
        start.FileName = arguments.First();
        foreach (var argument in arguments.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }

    /// <summary>Where a program that this starts finds what is mounted.</summary>
    public string Seen(Mount mount) => Unavailable is null ? mount.Target : mount.Source;

    /// <summary>Gives a folder to the user that programs in the sandbox run as.</summary>
    public void Hand(string folder)
    {
        if (Unavailable is null && Environment.IsPrivilegedProcess)
        {
            Chown(folder, 65534, 65534);
        }
    }

    /// <summary>Takes a file that such a program has written: from now on only this process's user may change it.</summary>
    public void TakeBack(string file)
    {
        if (Unavailable is null && Environment.IsPrivilegedProcess)
        {
            Chown(file, 0, 0);
        }
        File.SetUnixFileMode(
            file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    // Root sets the namespaces up by itself and drops to nobody inside: a user namespace would leave the program with
    // the identity of root outside. Anyone else needs the user namespace.
    private static string[] Isolation() => Environment.IsPrivilegedProcess
        ? ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--clearenv"]
        : ["--unshare-all", "--uid", Nobody, "--gid", Nobody, "--die-with-parent", "--new-session", "--clearenv"];

    private static IEnumerable<string> FileSystem(IReadOnlyList<Mount> mounts, IReadOnlyList<string> devices)
    {
        string[] system = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"];
        var libraries = SystemFolders.Where(Path.Exists).SelectMany(folder =>
            new DirectoryInfo(folder).LinkTarget is { } target
                ? new[] { "--symlink", target, folder }
                : ["--ro-bind", folder, folder]);
        // bubblewrap makes missing parents with mode 0700, which nobody could not enter.
        var parents = mounts.Select(mount => Path.GetDirectoryName(mount.Target)!)
            .Where(parent => parent != "/").Distinct().SelectMany(parent => new[] { "--perms", "0755", "--dir", parent });
        var binds = mounts.SelectMany(mount =>
            new[] { mount.Writable ? "--bind" : "--ro-bind", mount.Source, mount.Target });
        var nodes = devices.SelectMany(device => new[] { "--dev-bind", device, device });
        // The root and /dev are file systems in memory, which no limit covers: nothing may be written to them.
        return [.. system, .. libraries, .. parents, .. binds, .. nodes, "--remount-ro", "/dev", "--remount-ro", "/"];
    }

    private static IEnumerable<string> Variables(IReadOnlyDictionary<string, string>? environment) =>
        (environment ?? new Dictionary<string, string>()).SelectMany(v => new[] { "--setenv", v.Key, v.Value });

    private static string[] DropPrivileges() => Environment.IsPrivilegedProcess
        ? ["/usr/bin/setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--inh-caps=-all",
            "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs"]
        : [];

    private static string[] Limits(SandboxLimits limits) =>
    [
        "/usr/bin/prlimit",
        string.Create(CultureInfo.InvariantCulture, $"--data={limits.MemoryBytes}"),
        string.Create(CultureInfo.InvariantCulture, $"--fsize={limits.FileBytes}"),
        "--core=0", "--",
    ];

    private static void Chown(string path, uint user, uint group)
    {
        if (chown(path, user, group) != 0)
        {
            throw new IOException($"chown {path}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}

/// <summary>What a sandboxed program may use.</summary>
/// <param name="MemoryBytes">RLIMIT_DATA: private writable memory.</param>
/// <param name="FileBytes">RLIMIT_FSIZE: size of any file that it writes.</param>
internal readonly record struct SandboxLimits(long MemoryBytes, long FileBytes);
