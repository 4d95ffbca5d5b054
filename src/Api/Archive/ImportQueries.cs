using Dapper;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>What the database knows of an import that has begun.</summary>
internal static class ImportQueries
{
    // Any constant will do, as long as every version of this software takes the same.
    private const long ImportLock = 0x61726368697665;

    private const int MostProblems = 100;

    /// <returns>False where another import runs. Held until the connection is closed.</returns>
    public static Task<bool> TryLockAsync(this NpgsqlConnection connection) =>
        connection.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@ImportLock)", new { ImportLock });

    private const string FindStaged = """
        select i.id
        from archive_imports i
        join staged_import s on s.import_id = i.id
        where i.state = 'reading'
          and (select array_agg(f.kind || ' ' || f.path || ' ' || f.fingerprint order by f.number)
               from archive_import_files f where f.import_id = i.id) = @files
        """;

    /// <summary>The import of these very files that was not brought to its end; null where its rows are not there any more.</summary>
    public static Task<Guid?> FindStagedAsync(this NpgsqlConnection connection, IEnumerable<string> files) =>
        connection.ExecuteScalarAsync<Guid?>(FindStaged, new { files = files.ToArray() });

    private static readonly string Begin = $"""
        truncate staged_import, {string.Join(", ", StagingTable.All.Select(table => table.Name))};
        delete from archive_imports where state = 'reading';
        with begun as (insert into archive_imports default values returning id)
        insert into staged_import select id from begun returning import_id;
        """;

    private const string AddFile = """
        insert into archive_import_files (import_id, number, kind, path, fingerprint)
        values (@import, @number, @kind, @path, @fingerprint)
        """;

    /// <summary>Begins anew: what was staged is gone.</summary>
    public static async Task<Guid> BeginAsync(
        this NpgsqlConnection connection, IReadOnlyList<(ArchiveFile File, string Fingerprint)> files)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        var import = await connection.ExecuteScalarAsync<Guid>(Begin);
        await connection.ExecuteAsync(AddFile, files.Select((file, i) => new
        {
            import,
            number = i + 1,
            kind = file.File.Kind.ToString(),
            path = file.File.Path,
            fingerprint = file.Fingerprint,
        }));
        await transaction.CommitAsync();
        return import;
    }

    private const string FileStates = """
        select number, kind, path, records, position, problems, is_read
        from archive_import_files where import_id = @import order by number
        """;

    public static async Task<IReadOnlyList<ImportedFile>> FilesAsync(this NpgsqlConnection connection, Guid import) =>
        (await connection.QueryAsync<ImportedFile>(FileStates, new { import })).AsList();

    private const string Advance = """
        update archive_import_files
        set records = @records, position = @position, problems = problems + @problems, is_read = @isRead
        where import_id = @import and number = @number
        """;

    public static Task AdvanceAsync(
        this NpgsqlConnection connection, Guid import, int number, long records, long position, int problems, bool isRead) =>
        connection.ExecuteAsync(Advance, new { import, number, records, position, problems, isRead });

    private const string AddProblem = """
        insert into archive_import_problems (import_id, file, record, path, reason)
        select @import, @File, @Record, @Path, @Reason
        where (select count(*) from archive_import_problems where import_id = @import) < @MostProblems
        """;

    public static Task AddProblemsAsync(this NpgsqlConnection connection, Guid import, IEnumerable<RecordProblem> problems) =>
        connection.ExecuteAsync(
            AddProblem,
            problems.Take(MostProblems).Select(problem => new
            {
                import,
                problem.File,
                problem.Record,
                problem.Path,
                Reason = problem.Reason.Replace('\0', ' '),
                MostProblems,
            }));

    private const string ListProblems =
        "select file, record, path, reason from archive_import_problems where import_id = @import order by file, record";

    public static async Task<IReadOnlyList<RecordProblem>> ProblemsAsync(this NpgsqlConnection connection, Guid import) =>
        (await connection.QueryAsync<RecordProblem>(ListProblems, new { import })).AsList();

    private const string Forget = "delete from archive_imports where id = @import and state = 'reading'";

    /// <summary>Forgets an import that cannot be brought to its end.</summary>
    public static Task ForgetAsync(this NpgsqlConnection connection, Guid import) => connection.ExecuteAsync(Forget, new { import });
}

/// <summary>How far a file is read.</summary>
internal sealed record ImportedFile(int Number, string Kind, string Path, long Records, long Position, long Problems, bool IsRead);
