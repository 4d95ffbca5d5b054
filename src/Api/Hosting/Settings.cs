using Leaderboard.Shared.Hosting;

namespace Leaderboard.Api.Hosting;

/// <summary>What an operator sets.</summary>
internal static class Settings
{
    /// <summary>The configuration of a command that serves nothing.</summary>
    public static IConfiguration Read(string[] args) => new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(args)
        .Build();

    public static string ConnectionString(IConfiguration configuration)
    {
        const string Key = "ConnectionStrings__Leaderboard";
        if (configuration.GetConnectionString("Leaderboard") is not { Length: > 0 } text)
        {
            throw new SettingException(
                $"Set {Key} to the PostgreSQL to use, for example 'Host=localhost;Database=leaderboard;Username=leaderboard'.");
        }
        try
        {
            return Database.Complete(text);
        }
        catch (ArgumentException exception)
        {
            throw new SettingException($"{Key} is no connection string of Npgsql: {exception.Message}");
        }
    }

    /// <summary><c>LEADERBOARD_CATALOG</c>, or what was published with the program.</summary>
    public static string CatalogueFolder() =>
        Environment.GetEnvironmentVariable("LEADERBOARD_CATALOG") is { Length: > 0 } folder
            ? Path.GetFullPath(folder)
            : Path.Combine(AppContext.BaseDirectory, "catalog");
}

/// <summary>A setting that is missing or wrong; its message names it.</summary>
internal sealed class SettingException(string message) : Exception(message);
