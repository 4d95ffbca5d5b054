using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// The libtorch of this process: that of <see cref="LibtorchFolder.Variable"/>, else the one that the program brings.
/// It has to be loaded before anything of TorchSharp is touched, whose own look-up would find another: the loader then
/// takes what is loaded already for each library that TorchSharp asks for by the same name.
/// </summary>
internal static class Libtorch
{
    private const string Cpu = "libtorch_cpu.so";
    private const string Cuda = "libtorch_cuda.so";

    private static readonly Lazy<LibtorchFolder?> Folder = new(LoadOnce);

    /// <summary>Its version, with the build where the folder tells it: <c>2.10.0</c>, <c>2.10.0+cu128</c>.</summary>
    public static string Version => Folder.Value?.Version ?? LibtorchFolder.FittingVersion;

    /// <summary>Whether it was built for NVIDIA GPUs.</summary>
    public static bool HasCuda => File.Exists(Folder.Value is { } folder ? folder.Library(Cuda) : Bundled(Cuda));

    /// <summary>
    /// What tells the libtorch that a process would load from any other, without loading it: its version, and the length of
    /// its library, since builds of one version differ.
    /// </summary>
    /// <param name="named">The folder of <see cref="LibtorchFolder.Variable"/>; null: none.</param>
    public static string Describe(LibtorchFolder? named)
    {
        var library = new FileInfo(Bundled(Cpu) ?? (named ?? Own).Library(Cpu));
        return FormattableString.Invariant($"{(named ?? Own).Version}, {(library.Exists ? library.Length : 0)} bytes");
    }

    /// <summary>Loads it, if that has not been done.</summary>
    /// <exception cref="InvalidDataException">The folder of <see cref="LibtorchFolder.Variable"/> cannot be used.</exception>
    /// <exception cref="DllNotFoundException">One of its libraries cannot be loaded.</exception>
    public static void Load() => _ = Folder.Value;

    private static LibtorchFolder Own =>
        new(Path.Combine(AppContext.BaseDirectory, "libtorch"), LibtorchFolder.FittingVersion);

    private static LibtorchFolder? LoadOnce()
    {
        var named = LibtorchFolder.FromEnvironment();
        if (Bundled(Cpu) is { } bundled)
        {
            return named is null ? null : throw new InvalidDataException(
                $"{LibtorchFolder.Variable} is {named.Path}, but this build brings a libtorch for CUDA ({bundled}): unset it.");
        }
        // In this order each finds what it needs, and the CUDA half, which nothing links to, is there before it is asked for.
        var folder = named ?? Own;
        foreach (var library in new[] { "libc10.so", Cpu, Cuda, "libtorch.so" }.Select(folder.Library))
        {
            if (File.Exists(library))
            {
                NativeLibrary.Load(library);
            }
        }
        return folder;
    }

    // Where .NET itself looks native libraries up.
    private static string? Bundled(string library) =>
        ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES"))?.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);
}
