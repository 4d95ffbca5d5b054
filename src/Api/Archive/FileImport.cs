using System.Threading.Channels;
using Dapper;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>
/// Reads one file into the staging tables, from where it was left: one thread decompresses, one parses, one copies. Each batch is
/// committed together with the position that it reaches.
/// </summary>
internal sealed class FileImport(NpgsqlDataSource db, Guid import, ArchiveFile file, ImportedFile state, ImportProgress progress)
{
    private const int BatchesAhead = 2;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var source = new ReadAhead(file, state.Position);
        var batches = Channel.CreateBounded<StagedBatch>(BatchesAhead);
        var parsing = Task.Run(() => ParseAsync(source, batches.Writer, stop.Token), stop.Token);
        // What ends the reading ends the writing too, once what was read before is written.
        var parsed = parsing.ContinueWith(
            task => batches.Writer.Complete(task.Exception?.InnerException), CancellationToken.None,
            TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await WriteAsync(batches.Reader, stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await parsed;
        }
    }

    private async Task ParseAsync(ReadAhead source, ChannelWriter<StagedBatch> batches, CancellationToken cancellationToken)
    {
        var reader = new RecordReader(file, source, state.Position, state.Records);
        var mentions = new Mentions();
        var batch = new StagedBatch(mentions);
        while (await reader.NextAsync(cancellationToken) is { } json)
        {
            var records = reader.Record + 1;
            try
            {
                RecordKinds.Add(batch, file.Kind, json, state.Number, reader.Record);
                batch.Complete(reader.Position, records, json.Length);
            }
            catch (BadRecordException exception)
            {
                batch.Leave(
                    reader.Position, records, json.Length,
                    new RecordProblem(file.Name, reader.Record, exception.Path, exception.Message));
            }
            if (batch.IsFull)
            {
                progress.Read(file, source.FileBytes, records);
                await batches.WriteAsync(batch, cancellationToken);
                batch = new StagedBatch(mentions);
            }
        }
        progress.Read(file, source.FileBytes, reader.Record + 1);
        batch.End(reader.Position, reader.Record + 1);
        await batches.WriteAsync(batch, cancellationToken);
    }

    private async Task WriteAsync(ChannelReader<StagedBatch> batches, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        // After a crash of the server all is read anew anyway.
        await connection.ExecuteAsync("set synchronous_commit = off");
        await foreach (var batch in batches.ReadAllAsync(cancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var (table, rows) in batch.Tables)
            {
                await CopyAsync(connection, table, rows, cancellationToken);
            }
            await connection.AddProblemsAsync(import, batch.Problems);
            await connection.AdvanceAsync(
                import, state.Number, batch.Records, batch.Position, batch.Problems.Count, batch.IsLast);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, StagingTable table, List<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(table.CopyCommand, cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                {
                    await copy.WriteAsync(value, table.Columns[i].Type, cancellationToken);
                }
                else
                {
                    await copy.WriteNullAsync(cancellationToken);
                }
            }
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
