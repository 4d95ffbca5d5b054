using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Leaderboard.Shared.Hosting;

/// <summary>What a program writes about itself on standard output.</summary>
public static class ConsoleLogs
{
    private const string Key = "Logging:Console:FormatterName";
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>
    /// One line an event: text for people, or with <c>Logging__Console__FormatterName=json</c> an object with every id
    /// as a field of its own.
    /// </summary>
    public static void AddLeaderboardConsole(this ILoggingBuilder logging, IConfiguration configuration)
    {
        switch (configuration[Key])
        {
            case null or "" or ConsoleFormatterNames.Simple:
                logging.AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.TimestampFormat = Timestamp + " ";
                    console.UseUtcTimestamp = true;
                });
                break;
            case ConsoleFormatterNames.Json:
                logging.AddJsonConsole(console =>
                {
                    console.TimestampFormat = Timestamp;
                    console.UseUtcTimestamp = true;
                    console.IncludeScopes = true;
                });
                break;
            case var other:
                throw new SettingException($"Logging__Console__FormatterName must be simple or json, not '{other}'.");
        }
    }
}
