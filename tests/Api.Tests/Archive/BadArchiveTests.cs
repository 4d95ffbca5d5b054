using System.IO.Compression;
using System.Text;

namespace Leaderboard.Api.Tests.Archive;

public sealed class BadArchiveTests
{
    private const string Good = """{"paper_url": "https://paperswithcode.com/paper/a", "title": "A"}""";

    [Fact]
    public async Task Bad_records_are_named_and_nothing_is_imported_unless_they_may_be_left_out()
    {
        (string Bad, string Message)[] records =
        [
            ("""{"title": 3}""", "$.title: is a number, not a text"),
            ("""{"title": null}""", "$.title: is missing"),
            ("""{"title": "B", "authors": ["x", 1]}""", "$.authors[1]: is a number, not a text"),
            ("""{"title": "B", "date": "2020-02-30"}""", "$.date: is '2020-02-30', not a date"),
            ("""{"title": "B\u0000"}""", "$.title: holds a character \\u0000"),
            ("""{"title": "B\ud800"}""", "$.title: is no text"),
            ("""{"title": "B", "title": "C"}""", "$"),
            ($$"""{"title": "B", "tasks": ["{{new string('漢', 201)}}"]}""", "$.tasks: holds 201 characters, more than 200"),
            ("""{"title": "B", "methods": {}}""", "$.methods: is an object, not a list"),
            ("7", "$: is a number, not an object"),
        ];
        await using var import = await ArchiveImport.CreateAsync();
        import.Write("papers-with-abstracts.json", $"[{Good}, {string.Join(", ", records.Select(record => record.Bad))}]");
        var (exitCode, output) = await import.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.All(records.Index(), record => Assert.Contains(
            $"record {record.Index + 1}: {record.Item.Message}", output, StringComparison.Ordinal));
        Assert.Contains($"{records.Length} records cannot be imported, so nothing is", output, StringComparison.Ordinal);
        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from papers"));

        (exitCode, output) = await import.RunAsync("--skip-invalid");
        Assert.True(exitCode == 0, output);
        Assert.Contains($"{records.Length} left out", output, StringComparison.Ordinal);
        Assert.Equal("a", await import.QueryAsync<string>("select string_agg(id, ',') from papers"));
    }

    [Fact]
    public async Task A_damaged_file_ends_the_import_even_where_records_may_be_left_out()
    {
        (string Json, string Message)[] files =
        [
            ($$"""[{{Good}}, {"title": }, {{Good}}]""", "record 1"),
            ($$"""[{{Good}}, {"title": "B" """, "record 1"),
            ($"[{Good}", "record 1"),
            ($"[{Good}] x", "record 1"),
            ($"[{Good},]", "record 1"),
            (Good, "is no array of records"),
            ("", "record 0"),
        ];
        await using var import = await ArchiveImport.CreateAsync();
        foreach (var (json, message) in files)
        {
            import.Write("papers-with-abstracts.json", json);
            var (exitCode, output) = await import.RunAsync("--skip-invalid");
            Assert.Equal(2, exitCode);
            Assert.Contains("papers-with-abstracts.json: ", output, StringComparison.Ordinal);
            Assert.Contains(message, output, StringComparison.Ordinal);
        }
        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from papers"));
    }

    [Fact]
    public async Task A_truncated_or_lengthened_gzip_ends_the_import()
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Generate(gzip: true);
        var path = import.Folder.At("methods.json.gz");
        var bytes = File.ReadAllBytes(path);
        foreach (var change in (int[])[-1, -8, -2000, 5])
        {
            File.WriteAllBytes(path, change < 0 ? bytes[..Math.Max(20, bytes.Length + change)] : [.. bytes, .. new byte[change]]);
            var (exitCode, output) = await import.RunAsync("--skip-invalid");
            Assert.True(exitCode == 2, output);
            Assert.Contains("methods.json.gz", output, StringComparison.Ordinal);
        }
        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from papers"));
    }

    [Fact]
    public async Task A_text_of_two_gigabytes_is_refused_in_little_memory()
    {
        await using var import = await ArchiveImport.CreateAsync();
        WriteEndlessText(import.Folder.At("papers-with-abstracts.json.gz"));
        var (exitCode, error) = await import.RunInAsync(heapBytes: 300 << 20);
        Assert.True(exitCode == 2, error);
        Assert.Contains("papers-with-abstracts.json.gz: record 1, which begins near byte", error, StringComparison.Ordinal);
        Assert.Contains("more than 64 MB", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_which_files_it_wants()
    {
        await using var import = await ArchiveImport.CreateAsync();
        var (exitCode, output) = await import.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("holds none of the archive's files: papers-with-abstracts", output, StringComparison.Ordinal);

        import.Write("methods.json", "[]");
        import.Write("methods.json.gz", "");
        (exitCode, output) = await import.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains("Which is it, methods.json or methods.json.gz?", output, StringComparison.Ordinal);
    }

    // Several gzip files in a row are one: the letters are compressed once.
    private static void WriteEndlessText(string path)
    {
        using var file = File.Create(path);
        file.Write(Compressed(Encoding.UTF8.GetBytes($$"""[{{Good}}, {"title": " """)));
        var letters = new byte[16 << 20];
        Array.Fill(letters, (byte)'a');
        var compressed = Compressed(letters);
        for (var i = 0; i < 128; i++)
        {
            file.Write(compressed);
        }
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return compressed.ToArray();
    }
}
