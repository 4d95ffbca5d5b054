using System.Text.Json;

namespace Leaderboard.Api.Archive;

/// <summary>Makes rows of a record.</summary>
internal static class RecordKinds
{
    private const int RecordsOfFile = 32;   // as a power of two

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="BadRecordException">It does not say what it must.</exception>
    public static void Add(StagedBatch batch, ArchiveKind kind, ReadOnlyMemory<byte> json, int file, long record)
    {
        using var document = Parse(json);
        var root = ArchiveObject.Root(document.RootElement);
        var number = ((long)file << RecordsOfFile) + record;
        switch (kind)
        {
            case ArchiveKind.Papers:
                PaperRecords.AddPaper(batch, root, number);
                break;
            case ArchiveKind.Links:
                PaperRecords.AddLink(batch, root, number);
                break;
            case ArchiveKind.Methods:
                MethodRecords.Add(batch, root, number);
                break;
            case ArchiveKind.Datasets:
                DatasetRecords.Add(batch, root, number);
                break;
            default:
                TableRecords.Add(batch, root, number);
                break;
        }
    }

    // The reader has seen that it is JSON: what is left to refuse is a name that stands twice, or is no text.
    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException exception)
        {
            throw new BadRecordException(exception.Path ?? "$", exception.Message);
        }
        catch (InvalidOperationException)
        {
            throw new BadRecordException("$", "has a name that is no text");
        }
    }
}
