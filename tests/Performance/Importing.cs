using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Leaderboard.Performance;

/// <summary>
/// Imports of a generated archive by the command that users run: read and staged alone, brought in whole, and once more; beside
/// them a bare binary COPY of the rows that were staged, into tables like theirs.
/// </summary>
internal sealed class Importing(string connection, string api, string archive, string scratch) : IAsyncDisposable
{
    private readonly NpgsqlDataSource db = NpgsqlDataSource.Create(connection);
    private readonly long bytes = Directory.EnumerateFiles(archive).Sum(file => new FileInfo(file).Length);

    public async Task MeasureAsync()
    {
        // A record that cannot be imported: nothing is merged, and what was read stays where it is staged.
        var bad = Path.Combine(scratch, "bad.json");
        await File.WriteAllTextAsync(bad, """[{"task": 1}]""");
        var staged = await ImportAsync("staged", exitCode: 2, "--tables", bad);
        await using (var count = db.CreateCommand("select sum(records)::int - 1 from archive_import_files"))
        {
            var records = (int)(await count.ExecuteScalarAsync())!;
            Print(staged, records);
            Print(await CopyAsync(), records);
            Print(await ImportAsync("imported", exitCode: 0), records);
            Print(await ImportAsync("imported again", exitCode: 0), records);
        }
    }

    private static void Print(Measured measured, int records) => Measurement.Print(measured with { Images = records });

    private async Task<Measured> ImportAsync(string subject, int exitCode, params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [api, "import-archive", archive, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ConnectionStrings__Leaderboard"] = connection },
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var peak = 0L;
        double? merged = null;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, AnonymousBytes(process.Id));
            merged ??= await IsMergedAsync() ? Stopwatch.GetElapsedTime(start).TotalSeconds : null;
            await Task.Delay(100);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var texts = await said;
        if (process.ExitCode != exitCode)
        {
            throw new InvalidOperationException($"The import ended with {process.ExitCode}: {string.Join('\n', texts)}");
        }
        return new Measured($"archive {subject}", 0, seconds, PeakBytes: peak, ReadBytes: bytes, MergedSeconds: merged);
    }

    private async Task<bool> IsMergedAsync()
    {
        await using var state = db.CreateCommand(
            "select coalesce(bool_and(state = 'merged'), false) from archive_imports");
        return (bool)(await state.ExecuteScalarAsync())!;
    }

    private static long AnonymousBytes(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.AsSpan(8).TrimEnd("kB "), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private async Task<Measured> CopyAsync()
    {
        await using var open = await db.OpenConnectionAsync();
        var tables = new List<string>();
        await using (var names = new NpgsqlCommand(
            "select relname from pg_class where relname like 'staged\\_%' and relkind = 'r' and relname <> 'staged_import'", open))
        await using (var reader = await names.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                tables.Add(reader.GetString(0));
            }
        }
        var seconds = 0.0;
        foreach (var table in tables)
        {
            seconds += await CopyAsync(open, table);
        }
        return new Measured("archive copied", 0, seconds);
    }

    private async Task<double> CopyAsync(NpgsqlConnection open, string table)
    {
        var file = Path.Combine(scratch, table);
        await using (var to = File.Create(file))
        await using (var rows = await open.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)"))
        {
            await rows.CopyToAsync(to);
        }
        await using var create = new NpgsqlCommand(
            $"create unlogged table copied_{table} (like {table} including all) with (toast_tuple_target = 8160)", open);
        await create.ExecuteNonQueryAsync();
        var start = Stopwatch.GetTimestamp();
        await using (var from = File.OpenRead(file))
        await using (var rows = await open.BeginRawBinaryCopyAsync($"copy copied_{table} from stdin (format binary)"))
        {
            await from.CopyToAsync(rows);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await using var drop = new NpgsqlCommand($"drop table copied_{table}", open);
        await drop.ExecuteNonQueryAsync();
        File.Delete(file);
        return seconds;
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();
}
