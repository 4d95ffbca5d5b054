using Leaderboard.Shared.Hosting;

namespace Leaderboard.Shared;

/// <summary>Where the files of one installation are.</summary>
public sealed record LeaderboardFolders(string Home, string Datasets)
{
    /// <summary>Checkpoints by digest.</summary>
    public string Checkpoints => Path.Combine(Home, "checkpoints");

    /// <summary>One folder a running evaluation, removed at its end.</summary>
    public string Scratch => Path.Combine(Home, "scratch");

    /// <summary>What can be made again from checkpoints and datasets.</summary>
    public string Cache => Path.Combine(Home, "cache");

    /// <summary>The first admin API key, mode 600.</summary>
    public string AdminKeyFile => Path.Combine(Home, "admin-key");

    /// <summary>
    /// From <c>LEADERBOARD_HOME</c> (default <c>.data</c>) and <c>LEADERBOARD_DATASETS</c> (default <c>datasets</c>
    /// within the home), both made absolute.
    /// </summary>
    public static LeaderboardFolders FromEnvironment()
    {
        var home = Path.GetFullPath(Setting("LEADERBOARD_HOME") ?? ".data");
        return new LeaderboardFolders(home, Path.GetFullPath(Setting("LEADERBOARD_DATASETS") ?? Path.Combine(home, "datasets")));
    }

    /// <summary>Makes the home, where it is not there.</summary>
    public void MakeHome()
    {
        try
        {
            Directory.CreateDirectory(Home);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"LEADERBOARD_HOME is {Home}, which cannot be made: {exception.Message}");
        }
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
