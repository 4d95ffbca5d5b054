using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>
/// <c>Api import-archive [DIR] [--tables FILE]… [--skip-invalid] [--restart] [--report FILE]</c>: brings an archive of Papers With
/// Code into the database. Ended in whatever way, it goes on where it was when it is called again; what is imported already
/// changes nothing.
/// </summary>
internal static class ImportCommand
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadArchive = 2;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = ImportOptions.Parse(arguments);
        var files = ArchiveFolder.Find(options.Folder, options.Tables);
        await using var db = NpgsqlDataSource.Create(Database.ConnectionString(Settings.Read([]), Settings.Connections));
        try
        {
            // The lock is its connection's: no pool may close it, and others' work does not disturb it.
            await using var locked = await db.OpenConnectionAsync();
            if (!await locked.TryLockAsync())
            {
                throw new SettingException("Another import is running on this database: wait for it to end.");
            }
            return await ImportAsync(db, files, options);
        }
        catch (DamagedArchiveException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return BadArchive;
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The import was cut off, and nothing is merged: {exception.Message}\nCalled again, it goes on where it was.");
            return Failure;
        }
    }

    private static async Task<int> ImportAsync(NpgsqlDataSource db, IReadOnlyList<ArchiveFile> files, ImportOptions options)
    {
        await using var connection = await db.OpenConnectionAsync();
        var fingerprints = files.Select(file => (File: file, Fingerprint: file.Fingerprint())).ToList();
        var staged = options.Restart
            ? null
            : await connection.FindStagedAsync(fingerprints.Select(file => $"{file.File.Kind} {file.File.Path} {file.Fingerprint}"));
        var import = staged ?? await connection.BeginAsync(fingerprints);
        if (staged is not null)
        {
            Console.WriteLine("Going on with the import that was cut off.");
        }

        ImportReport? report = null;
        NpgsqlException? unfound = null;
        await ImportProgress.ShowAsync(files, async progress =>
        {
            foreach (var (file, state) in files.Zip(await connection.FilesAsync(import)).Where(pair => !pair.Second.IsRead))
            {
                await new FileImport(db, import, file, state, progress).RunAsync(CancellationToken.None);
            }
            var read = await connection.FilesAsync(import);
            if (options.SkipsInvalid || read.All(file => file.Problems == 0))
            {
                report = await Merge.RunAsync(connection, import, read, progress);
                try
                {
                    await ImportedSearch.RefreshAsync(db, progress);
                }
                catch (NpgsqlException exception)
                {
                    unfound = exception;
                }
            }
        });
        var problems = report?.Problems ?? await connection.ProblemsAsync(import);
        var count = (report?.Files ?? await connection.FilesAsync(import)).Sum(file => file.Problems);
        ImportReport.PrintProblems(problems, count, Console.Error);
        if (report is null)
        {
            await Console.Error.WriteLineAsync(
                $"{count} records cannot be imported, so nothing is. Mend them, or leave them out with --skip-invalid.");
            return BadArchive;
        }
        report.Print(Console.Out);
        if (options.Report is not null)
        {
            await File.WriteAllTextAsync(options.Report, report.ToJson());
        }
        if (unfound is not null)
        {
            await Console.Error.WriteLineAsync(
                $"All of it is imported, but search was cut off: {unfound.Message}\nThe Api goes on with it when it runs.");
            return Failure;
        }
        return Success;
    }
}
