namespace Leaderboard.Tests.Support;

/// <summary>The checkout that the tests run in.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Leaderboard.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Leaderboard.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Leaderboard.sln is in no folder above the tests.");
        }
        return folder.FullName;
    }
}
