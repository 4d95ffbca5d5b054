using System.Text.RegularExpressions;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// A libtorch that is there already: one unpacked from pytorch.org, or the <c>torch</c> folder of a PyTorch installation.
/// </summary>
/// <param name="Path">The folder; its <c>lib</c> holds the libraries.</param>
/// <param name="Version">As it calls itself, for example <c>2.10.0+cu128</c>.</param>
internal sealed partial record LibtorchFolder(string Path, string Version)
{
    /// <summary>The environment variable that names such a folder.</summary>
    public const string Variable = "LIBTORCH";

    /// <summary>The version that TorchSharp's native half is compiled for: C++ has no other that it could be linked to.</summary>
    public const string FittingVersion = "2.10.0";

    /// <summary>The folder that <see cref="Variable"/> names; null where it is not set.</summary>
    /// <exception cref="InvalidDataException">There is no libtorch in it, or one of another version.</exception>
    public static LibtorchFolder? FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? Open(path) : null;

    /// <inheritdoc cref="FromEnvironment"/>
    public static LibtorchFolder Open(string path)
    {
        var folder = System.IO.Path.GetFullPath(path).TrimEnd('/');
        if (!File.Exists(System.IO.Path.Combine(folder, "lib", "libtorch_cpu.so")))
        {
            throw new InvalidDataException($"{Variable} is {path}, but there is no lib/libtorch_cpu.so in it.");
        }
        var version = ReadVersion(folder) ?? throw new InvalidDataException(
            $"{Variable} is {path}, but neither build-version nor version.py there tells the version of its libtorch.");
        // What stands behind a plus names the build (cpu, cu128), not another interface.
        return version.Split('+')[0] == FittingVersion
            ? new LibtorchFolder(folder, version)
            : throw new InvalidDataException(
                $"{Variable} is {path}, a libtorch {version}; this program needs libtorch {FittingVersion}.");
    }

    /// <summary>The path of one of its libraries.</summary>
    public string Library(string name) => System.IO.Path.Combine(Path, "lib", name);

    private static string? ReadVersion(string folder)
    {
        var (build, python) = (System.IO.Path.Combine(folder, "build-version"), System.IO.Path.Combine(folder, "version.py"));
        return File.Exists(build) ? File.ReadAllText(build).Trim()
            : File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } line
                ? line.Groups[1].Value
                : null;
    }

    [GeneratedRegex("^__version__ *= *['\"]([^'\"]+)['\"]", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();
}
