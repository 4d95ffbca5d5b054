using System.Reflection;
using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Preprocessing;
using TorchSharp;

namespace Leaderboard.Evaluator.Runner;

/// <summary>Versions of what computes pixels and logits, as the process has loaded them.</summary>
internal static class LibraryVersions
{
    public static IReadOnlyDictionary<string, string> All() => new Dictionary<string, string>(Decoders())
    {
        ["torchsharp"] = InformationalVersion(typeof(torch)),
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>Those that turn files into pixels.</summary>
    public static IReadOnlyDictionary<string, string> Decoders()
    {
        // Loaded by the first image that needs it, and by then it may be too late to ask.
        _ = TurboJpeg.IsAvailable;
        return new Dictionary<string, string>
        {
            ["turbojpeg"] = FileVersion("libturbojpeg"),
            ["libvips"] = $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}",
        };
    }

    private static string InformationalVersion(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    // TurboJPEG has no call that tells its version; the mapped file is named after it: libturbojpeg.so.0.2.0.
    private static string FileVersion(string library) =>
        File.ReadLines("/proc/self/maps")
            .Select(line => Path.GetFileName(line))
            .Where(name => name.StartsWith(library, StringComparison.Ordinal))
            .Select(name => name[(name.IndexOf(".so.", StringComparison.Ordinal) + 4)..])
            .FirstOrDefault() ?? "not loaded";
}
