namespace Leaderboard.Api.Hosting;

/// <summary>What an operator sets.</summary>
internal static class Settings
{
    /// <summary>Connections of one pool where the connection string does not say.</summary>
    public const int Connections = 50;

    /// <summary>The configuration of a command that serves nothing.</summary>
    public static IConfiguration Read(string[] args) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(args)
        .Build();

    /// <summary><c>LEADERBOARD_CATALOG</c>, or what was published with the program.</summary>
    public static string CatalogueFolder() =>
        Environment.GetEnvironmentVariable("LEADERBOARD_CATALOG") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(AppContext.BaseDirectory, "catalog");
}
