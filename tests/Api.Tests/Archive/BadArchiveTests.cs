using System.IO.Compression;
using System.Text;

namespace Leaderboard.Api.Tests.Archive;

public sealed class BadArchiveTests
{
    private const string Good = """{"paper_url": "https://paperswithcode.com/paper/a", "title": "A"}""";

    [Theory]
    [InlineData("""{"title": 3}""", "record 1: $.title: is a number, not a text")]
    [InlineData("""{"title": null}""", "record 1: $.title: is missing")]
    [InlineData("""{"title": "B", "authors": ["x", 1]}""", "record 1: $.authors[1]: is a number, not a text")]
    [InlineData("""{"title": "B", "date": "2020-02-30"}""", "record 1: $.date: is '2020-02-30', not a date")]
    [InlineData("""{"title": "B\u0000"}""", "record 1: $.title: holds a character \\u0000")]
    [InlineData("""{"title": "B\ud800"}""", "record 1: $.title: is no text")]
    [InlineData("""{"title": "B", "title": "C"}""", "record 1: $")]
    [InlineData("""{"title": "B", "methods": {}}""", "record 1: $.methods: is an object, not a list")]
    [InlineData("7", "record 1: $: is a number, not an object")]
    public async Task A_bad_record_is_named_and_nothing_is_imported_unless_it_may_be_left_out(string bad, string message)
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Write("papers-with-abstracts.json", $"[{Good}, {bad.Replace("\\\\", "\\", StringComparison.Ordinal)}]");
        var (exitCode, output) = await import.RunAsync();
        Assert.Equal(2, exitCode);
        Assert.Contains(message.Replace("\\\\", "\\", StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Contains("1 records cannot be imported, so nothing is", output, StringComparison.Ordinal);
        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from papers"));

        (exitCode, output) = await import.RunAsync("--skip-invalid");
        Assert.True(exitCode == 0, output);
        Assert.Contains("1 left out", output, StringComparison.Ordinal);
        Assert.Equal("a", await import.QueryAsync<string>("select string_agg(id, ',') from papers"));
    }

    [Theory]
    [InlineData($$"""[{{Good}}, {"title": }, {{Good}}]""", "record 1")]
    [InlineData($$"""[{{Good}}, {"title": "B" """, "record 1")]
    [InlineData($"[{Good}", "record 1")]
    [InlineData($"[{Good}] x", "record 1")]
    [InlineData($"[{Good},]", "record 1")]
    [InlineData(Good, "is no array of records")]
    [InlineData("", "record 0")]
    public async Task A_damaged_file_ends_the_import_even_where_records_may_be_left_out(string json, string message)
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Write("papers-with-abstracts.json", json);
        var (exitCode, output) = await import.RunAsync("--skip-invalid");
        Assert.Equal(2, exitCode);
        Assert.Contains("papers-with-abstracts.json: ", output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.Equal(0, await import.QueryAsync<int>("select count(*) from papers"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-8)]
    [InlineData(-2000)]
    [InlineData(5)]
    public async Task A_truncated_or_lengthened_gzip_ends_the_import(int change)
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Generate(gzip: true);
        var path = import.Folder.At("methods.json.gz");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, change < 0 ? bytes[..Math.Max(20, bytes.Length + change)] : [.. bytes, .. new byte[change]]);
        var (exitCode, output) = await import.RunAsync("--skip-invalid");
        Assert.True(exitCode == 2, output);
        Assert.Contains("methods.json.gz", output, StringComparison.Ordinal);
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

    private static void WriteEndlessText(string path)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes($$"""[{{Good}}, {"title": " """));
        var letters = new byte[1 << 20];
        Array.Fill(letters, (byte)'a');
        for (var i = 0; i < 2048; i++)
        {
            gzip.Write(letters);
        }
    }
}
