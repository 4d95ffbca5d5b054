using Xunit;

namespace Leaderboard.Tests.Support;

/// <summary>Real checkpoints and images, kept beside the project and never in it.</summary>
public static class RealData
{
    /// <summary>
    /// The folder <c>../shared/realdata</c> beside the repository. Where it is absent the test is skipped, or fails
    /// if <c>LEADERBOARD_REQUIRE_REALDATA</c> is 1.
    /// </summary>
    public static string Folder
    {
        get
        {
            var folder = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "realdata"));
            if (!Directory.Exists(folder))
            {
                Assert.False(
                    Environment.GetEnvironmentVariable("LEADERBOARD_REQUIRE_REALDATA") == "1",
                    $"LEADERBOARD_REQUIRE_REALDATA=1, but there is no {folder}.");
                Assert.Skip($"There is no real data at {folder}.");
            }
            return folder;
        }
    }

    /// <summary>A path within <see cref="Folder"/>.</summary>
    public static string At(params string[] parts) => Path.Combine([Folder, .. parts]);
}
