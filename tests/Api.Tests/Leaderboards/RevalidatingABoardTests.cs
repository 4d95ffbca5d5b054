using System.Net;

namespace Leaderboard.Api.Tests.Leaderboards;

public sealed class RevalidatingABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_form_and_each_query_has_a_tag_of_its_own_and_each_revalidates()
    {
        await api.CreateBenchmarkAsync("forms");
        await api.ReportAsync("forms", "a", 0.5);
        var tags = new HashSet<string>();
        foreach (var accept in (string[])["application/json", "text/csv", "application/jsonl"])
        {
            foreach (var query in (string[])["", "?limit=1", "?kind=reported", "?as_of=2999-01-01"])
            {
                var address = $"/api/v1/benchmarks/forms/leaderboard{query}";
                using var first = await SendAsync(address, request => request.Headers.Accept.ParseAdd(accept));
                Assert.False(first.Headers.ETag!.IsWeak);
                Assert.True(tags.Add(first.Headers.ETag.Tag), $"{accept} {query}");
                Assert.Equal("Accept, Authorization", string.Join(", ", first.Headers.Vary));
                Assert.Equal("public, no-cache", first.Headers.CacheControl!.ToString());
                using var again = await SendAsync(address, request =>
                {
                    request.Headers.Accept.ParseAdd(accept);
                    request.Headers.IfNoneMatch.ParseAdd($"\"other\", W/{first.Headers.ETag.Tag}");
                });
                Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
                Assert.Equal(first.Headers.ETag, again.Headers.ETag);
                Assert.Empty(await again.Content.ReadAsByteArrayAsync(Token));
            }
        }
    }

    [Fact]
    public async Task A_board_says_when_it_last_changed()
    {
        await api.CreateBenchmarkAsync("modified");
        await api.ReportAsync("modified", "a", 0.5);
        await api.ExecuteAsync("update board_revisions set changed_at = '2026-01-02T03:04:05.25Z'");
        const string Address = "/api/v1/benchmarks/modified/leaderboard";
        using var first = await SendAsync(Address, _ => { });
        // Rounded up: a change in the rest of that second has a later one.
        var modified = new DateTimeOffset(2026, 1, 2, 3, 4, 6, TimeSpan.Zero);
        Assert.Equal(modified, first.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, await SinceAsync(modified));
        Assert.Equal(HttpStatusCode.NotModified, await SinceAsync(modified.AddDays(1)));
        Assert.Equal(HttpStatusCode.OK, await SinceAsync(modified.AddSeconds(-1)));
        // A tag knows better.
        Assert.Equal(HttpStatusCode.OK, await SinceAsync(modified, "\"other\""));
        await api.ReportAsync("modified", "b", 0.6);
        Assert.Equal(HttpStatusCode.OK, await SinceAsync(modified));

        async Task<HttpStatusCode> SinceAsync(DateTimeOffset since, string? tag = null)
        {
            using var response = await SendAsync(Address, request =>
            {
                request.Headers.IfModifiedSince = since;
                if (tag is not null)
                {
                    request.Headers.IfNoneMatch.ParseAdd(tag);
                }
            });
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task An_answer_to_a_key_is_for_its_holder_alone()
    {
        await api.CreateBenchmarkAsync("keyed");
        using var response = await api.Admin.GetAsync("/api/v1/benchmarks/keyed/leaderboard", Token);
        Assert.Equal("no-cache, private", response.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("insert into results (benchmark_id, metric, kind, value, model_name, dated) select id, 'top1_accuracy', 'reported', 0.9, 'x', '2024-01-01' from benchmarks where name = @name")]
    [InlineData("update results set withdrawn_at = now() where model_name = 'r' and benchmark_id = (select id from benchmarks where name = @name)")]
    [InlineData("update results set is_public = false where model_name = 'm' and benchmark_id = (select id from benchmarks where name = @name)")]
    [InlineData("update results set note = 'n' where model_name = 'r' and benchmark_id = (select id from benchmarks where name = @name)")]
    [InlineData("insert into papers (id, title, url) values ('p-' || @name, 'A title', 'https://x')")]
    [InlineData("update users set name = 'renamed-' || @name where id in (select user_id from results where benchmark_id = (select id from benchmarks where name = @name))")]
    [InlineData("update scores set correct = 1 where evaluation_id in (select e.id from evaluations e join benchmarks b on b.id = e.benchmark_id where b.name = @name)")]
    [InlineData("update benchmarks set definition = definition || '{\"sample_count\": 7}' where name = @name")]
    public async Task Whatever_a_board_shows_changes_its_tag(string change)
    {
        var name = $"touched-{Samples.Sha256Of(System.Text.Encoding.UTF8.GetBytes(change))[..8]}";
        await api.CreateBenchmarkAsync(name);
        await api.ReportAsync(name, "r", 0.4);
        using var ada = await api.CreateUserAsync($"ada-{name}");
        await api.MeasureAsync(name, "m", "10", ada);
        await api.ExecuteAsync($"update results set paper_id = 'p-{name}' where model_name = 'r'");
        var address = $"/api/v1/benchmarks/{name}/leaderboard";
        using var before = await SendAsync(address, _ => { });
        using var same = await SendAsync(address, _ => { });
        Assert.Equal(before.Headers.ETag, same.Headers.ETag);
        await api.ExecuteAsync(change, new { name });
        using var after = await SendAsync(address, _ => { });
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Another_boards_changes_leave_a_tag_alone()
    {
        await api.CreateBenchmarkAsync("quiet");
        await api.CreateBenchmarkAsync("loud");
        using var before = await SendAsync("/api/v1/benchmarks/quiet/leaderboard", _ => { });
        await api.ReportAsync("loud", "a", 0.5);
        using var after = await SendAsync("/api/v1/benchmarks/quiet/leaderboard", _ => { });
        Assert.Equal(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Readers_beside_a_writer_never_see_less_than_was_written_before_they_asked()
    {
        await api.CreateBenchmarkAsync("busy");
        const int Writes = 60;
        var written = 0;
        var readers = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (Volatile.Read(ref written) < Writes)
            {
                var least = Volatile.Read(ref written);
                var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/busy/leaderboard?limit=200");
                Assert.True(board.GetProperty("entries").GetArrayLength() >= least);
            }
        }).ToList();
        for (var i = 0; i < Writes; i++)
        {
            await api.ReportAsync("busy", $"m{i}", 0.5);
            Interlocked.Increment(ref written);
        }
        await Task.WhenAll(readers);
    }

    private async Task<HttpResponseMessage> SendAsync(string address, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        change(request);
        return await api.Anonymous.SendAsync(request, Token);
    }
}
