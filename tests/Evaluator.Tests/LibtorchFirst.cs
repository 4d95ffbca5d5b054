using System.Runtime.CompilerServices;
using Leaderboard.Evaluator.Models.Engines;

namespace Leaderboard.Evaluator.Tests;

/// <summary>
/// Tests use TorchSharp themselves, in any order: the first to do so must not have the loader look for a libtorch by
/// itself, which may find one of the system's that does not fit.
/// </summary>
internal static class LibtorchFirst
{
    [ModuleInitializer]
    internal static void Load() => Libtorch.Load();
}
