using System.IO.Compression;
using Leaderboard.Api.Catalogue;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>
/// <c>Api export-tables FILE [--origin archive|user|benchmark]</c>: evaluation tables in the archive's form, <c>-</c> for
/// standard output, a name that ends in <c>.gz</c> compressed. Whom to name and the licence go beside the file.
/// </summary>
internal static class ExportCommand
{
    private const string Usage = "Usage: export-tables FILE|- [--origin archive|user|benchmark]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (file, origin) = arguments switch
        {
            [var only] when !only.StartsWith("--", StringComparison.Ordinal) => (only, null),
            [var only, "--origin", "archive" or "user" or "benchmark"] => (only, arguments[2]),
            _ => throw new SettingException(Usage),
        };
        await using var db = NpgsqlDataSource.Create(
            Database.ConnectionString(Settings.Read([]), Settings.Connections));
        if (file == "-")
        {
            await using var output = Console.OpenStandardOutput();
            await TableExport.WriteAsync(db, origin, output, CancellationToken.None);
            await Console.Error.WriteAsync(Notice);
            return 0;
        }
        await WriteAsync(db, origin, file);
        await File.WriteAllTextAsync($"{file}.LICENSE.txt", Notice);
        return 0;
    }

    // Under its name once it is whole.
    private static async Task WriteAsync(NpgsqlDataSource db, string? origin, string file)
    {
        var unfinished = $"{file}.{Environment.ProcessId}.part";
        try
        {
            await using (var output = File.Create(unfinished))
            await using (var packed = file.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(output, CompressionLevel.Optimal)
                : (Stream)output)
            {
                await TableExport.WriteAsync(db, origin, packed, CancellationToken.None);
            }
            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{file} cannot be written: {exception.Message}");
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    // Others' tables stand below tasks of the archive's.
    private static string Notice => $"""
        Tasks, and tables without a field "leaderboard", are from: {Attribution.PapersWithCode.Text}
        {Attribution.PapersWithCode.SourceUrl}
        Licence: {Attribution.PapersWithCode.Licence}, {Attribution.PapersWithCode.LicenceUrl}

        """;
}
