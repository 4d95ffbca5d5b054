using System.Diagnostics;
using Npgsql;

namespace Leaderboard.Tests.Support;

/// <summary>
/// The PostgreSQL that this test process uses: the one that <c>LEADERBOARD_TEST_DB</c> names, or a private one on a
/// socket in a folder of its own, which ends with the process, however that ends.
/// </summary>
internal static class PostgresServer
{
    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    // Held, since the end of its standard input, also by the garbage collector, is what stops it.
    private static Process? process;

    /// <summary>Connection string of a user who may make databases.</summary>
    public static Task<string> ConnectionStringAsync() => Started.Value;

    // The shell waits for the end of its standard input, which comes with the end of the test process, even by a kill.
    private const string Script = """
        set -e
        chmod 700 "$1"
        "$2/initdb" --pgdata="$1/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync >"$1/log"
        "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=600 >>"$1/log" 2>&1 </dev/null &
        cat >/dev/null || true
        kill -INT $! && wait $! || true
        rm -rf "$1"
        """;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("LEADERBOARD_TEST_DB") is { Length: > 0 } given)
        {
            return given;
        }
        var folder = Directory.CreateDirectory(Path.Combine("/tmp", $"lb-{Guid.NewGuid():N}"[..13])).FullName;
        string[] shell = ["/bin/sh", "-c", Script, "sh", folder, FindBinaries()];
        if (Environment.UserName == "root")
        {
            // PostgreSQL refuses to run as root.
            var user = File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
                ? "postgres"
                : "nobody";
            using var chown = Process.Start("chown", [user, folder]);
            await chown.WaitForExitAsync();
            shell = ["setpriv", $"--reuid={user}", "--clear-groups", .. shell];
        }
        process = Process.Start(
            new ProcessStartInfo(shell[0], shell[1..]) { RedirectStandardInput = true, WorkingDirectory = "/" });

        var connectionString = $"Host={folder};Username=postgres;Database=postgres;GSS Encryption Mode=Disable";
        await WaitAsync(connectionString, folder);
        return connectionString;
    }

    private static async Task WaitAsync(string connectionString, string folder)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(100);
            }
            catch (NpgsqlException exception)
            {
                var log = Path.Combine(folder, "log");
                throw new InvalidOperationException(
                    $"PostgreSQL ({process?.Id}) did not start: {(File.Exists(log) ? File.ReadAllText(log) : "no log")}",
                    exception);
            }
        }
    }

    private static string FindBinaries() =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
                .First(folder => File.Exists(Path.Combine(folder, "postgres")))
            : throw new InvalidOperationException("There is no /usr/lib/postgresql; run scripts/setup.");
}
