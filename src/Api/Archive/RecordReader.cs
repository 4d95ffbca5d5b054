using System.Text.Json;

namespace Leaderboard.Api.Archive;

/// <summary>
/// The elements of one JSON array, one after another, in a buffer that grows to the largest of them and no further than
/// <see cref="MaxRecordBytes"/>.
/// </summary>
internal sealed class RecordReader
{
    public const int MaxRecordBytes = 64 << 20;

    private const int FirstBytes = 1 << 20;

    private readonly ArchiveFile file;
    private readonly ReadAhead source;
    private byte[] buffer = new byte[FirstBytes];
    private int start;
    private int end;
    private bool isLast;
    private JsonReaderState state;

    // Position of the buffer's first byte in the file, decompressed.
    private long origin;

    /// <param name="file">For messages.</param>
    /// <param name="source">Begins at <paramref name="position"/>.</param>
    /// <param name="position">0, or what <see cref="Position"/> was behind a record.</param>
    /// <param name="record">Number of the first record.</param>
    public RecordReader(ArchiveFile file, ReadAhead source, long position, long record)
    {
        (this.file, this.source, Record) = (file, source, record - 1);
        origin = position;
        if (position > 0)
        {
            // As if one record had been read: a comma is next, or the end.
            "[0"u8.CopyTo(buffer);
            var reader = new Utf8JsonReader("[0 "u8, isFinalBlock: false, default);
            reader.Read();
            reader.Read();
            state = reader.CurrentState;
        }
    }

    /// <summary>Bytes up to the end of the record that was read last.</summary>
    public long Position => origin + start;

    /// <summary>Number of the record that was read last.</summary>
    public long Record { get; private set; }

    /// <returns>Null at the end. Valid until the next call.</returns>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = Scan(out var from, out var length);
            if (found is Found.Record)
            {
                Record++;
                return buffer.AsMemory(from, length);
            }
            if (found is Found.End)
            {
                return null;
            }
            await FillAsync(cancellationToken);
        }
    }

    private Found Scan(out int from, out int length)
    {
        (from, length) = (0, 0);
        try
        {
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isLast, state);
            if (Record < 0 && reader.TokenType is JsonTokenType.None && state.Equals(default(JsonReaderState)))
            {
                if (!reader.Read())
                {
                    return Found.Nothing;
                }
                if (reader.TokenType is not JsonTokenType.StartArray)
                {
                    throw Damaged("it is no array of records");
                }
                Accept(ref reader);
                reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isLast, state);
            }
            if (!reader.Read())
            {
                // Behind the end of the array nothing but blanks may stand: the reader says so.
                return isLast ? Found.End : Found.Nothing;
            }
            if (reader.TokenType is JsonTokenType.EndArray)
            {
                Accept(ref reader);
                return Found.Nothing;
            }
            from = start + (int)reader.TokenStartIndex;
            if (!reader.TrySkip())
            {
                return Found.Nothing;
            }
            Accept(ref reader);
            length = start - from;
            return Found.Record;
        }
        catch (JsonException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    private void Accept(ref Utf8JsonReader reader)
    {
        start += (int)reader.BytesConsumed;
        state = reader.CurrentState;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var block = await source.NextAsync(cancellationToken);
        if (block.Count == 0)
        {
            isLast = true;
            return;
        }
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (origin, end, start) = (origin + start, end - start, 0);
        }
        if (end + block.Count > MaxRecordBytes)
        {
            throw Damaged($"it has more than {MaxRecordBytes >> 20} MB");
        }
        if (end + block.Count > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, end + block.Count));
        }
        block.AsSpan().CopyTo(buffer.AsSpan(end));
        end += block.Count;
    }

    private DamagedArchiveException Damaged(string reason) => new(
        $"{file.Path}: record {Record + 1}, which begins near byte {Position}: {reason.TrimEnd('.')}. Nothing is imported.");

    private enum Found
    {
        Nothing,
        Record,
        End,
    }
}
