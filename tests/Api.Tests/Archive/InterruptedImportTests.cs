using Dapper;

namespace Leaderboard.Api.Tests.Archive;

public sealed class InterruptedImportTests
{
    [Fact]
    public async Task Killed_at_any_moment_it_goes_on_and_ends_as_if_it_had_never_been()
    {
        const double Scale = 0.005;
        await using var whole = await ArchiveImport.CreateAsync();
        whole.Generate(gzip: true, Scale);
        var (exitCode, output) = await whole.RunAsync();
        Assert.True(exitCode == 0, output);
        var all = await whole.QueryAsync<int>("select count(*) from papers");

        await using var killed = await ArchiveImport.CreateAsync();
        killed.Generate(gzip: true, Scale);
        var random = new Random(20261126);
        var resumed = 0;
        for (var i = 0; i < 5; i++)
        {
            resumed += await killed.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(500, 500 + 300 * (i + 1)))) ? 1 : 0;
            var papers = await killed.QueryAsync<int>("select count(*) from papers");
            Assert.True(papers == 0 || papers == all, "half-merged");
        }
        Assert.NotEqual(0, resumed);
        (exitCode, output) = await killed.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal(await whole.ContentsAsync(), await killed.ContentsAsync());
    }

    [Fact]
    public async Task A_changed_file_begins_anew_and_a_second_import_at_once_is_refused()
    {
        await using var import = await ArchiveImport.CreateAsync();
        import.Write("papers-with-abstracts.json", """[{"title": "A"}, {"title": 1}]""");
        Assert.Equal(2, (await import.RunAsync()).ExitCode);
        import.Write("papers-with-abstracts.json", """[{"title": "A"}, {"title": "B"}]""");
        await using (var connection = await import.Rows.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await connection.ExecuteAsync("select pg_advisory_lock(27428844020004453)");
            var (code, said) = await import.RunAsync();
            Assert.Equal(2, code);
            Assert.Contains("Another import is running", said, StringComparison.Ordinal);
            await connection.ExecuteAsync("select pg_advisory_unlock_all()");
        }
        var (exitCode, output) = await import.RunAsync();
        Assert.True(exitCode == 0, output);
        Assert.Equal("a,b", await import.QueryAsync<string>("select string_agg(id, ',' order by id) from papers"));
    }
}
