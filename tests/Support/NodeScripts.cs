using System.Diagnostics;

namespace Leaderboard.Tests.Support;

/// <summary>Programs of Node.js in <c>tests/Node</c>, with the packages that its lock file names.</summary>
public static class NodeScripts
{
    private static readonly Lazy<Task> Installation = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Node");

    /// <summary>Ends once the packages are there.</summary>
    public static Task Installed => Installation.Value;

    /// <summary>Runs a program of <c>node_modules/.bin</c>, or <c>node</c> itself, in the folder.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        await Installed;
        return await StartAsync(
            program == "node" ? program : Path.Combine(Folder, "node_modules", ".bin", program), arguments, environment);
    }

    // Test projects that run beside each other install once.
    private static async Task InstallAsync()
    {
        var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
        var there = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (there.Exists && there.LastWriteTimeUtc >= wanted.LastWriteTimeUtc)
        {
            return;
        }
        var (exitCode, output) = await StartAsync(
            "flock", [Path.Combine(Path.GetTempPath(), "leaderboard-npm.lock"), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], null);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"npm ci failed; has scripts/setup run? {output}");
        }
    }

    private static async Task<(int ExitCode, string Output)> StartAsync(
        string program, string[] arguments, Dictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It would ask its makers whether there is a newer one, and tell them that it was used.
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
