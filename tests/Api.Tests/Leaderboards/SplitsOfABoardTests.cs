namespace Leaderboard.Api.Tests.Leaderboards;

/// <summary>A benchmark of realms is scored on test where that has labels, on val where it has none: two boards.</summary>
public sealed class SplitsOfABoardTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Address = "/api/v1/benchmarks/splits/leaderboard";

    private const string Add = """
        insert into results (benchmark_id, metric, kind, value, model_name, dated, split, partial, recorded_at, evaluation_id, user_id)
        select b.id, 'average_top1_accuracy', 'verified', @value, @model, '2024-01-01', @split, @partial, now(), e.id, s.user_id
        from benchmarks b, evaluations e join submissions s on s.id = e.submission_id
        where b.name = 'splits' and e.id = @evaluation
        """;

    [Fact]
    public async Task Once_a_ranked_result_is_on_test_results_on_val_are_ranked_where_they_are_asked_for()
    {
        await api.CreateRealmBenchmarkAsync("splits", 1);
        await api.ReportAsync("splits", "reported", 0.5, metric: "average_top1_accuracy");
        await AddAsync("on val", 0.9, "val");
        await AddAsync("incomplete test", 0.8, "test", partial: true);
        Assert.Equal(["on val", "reported"], await ModelsAsync(""));
        var before = await api.ScalarAsync<DateTime>("select clock_timestamp()");

        await AddAsync("on test", 0.3, "test");

        Assert.Equal(["reported", "on test"], await ModelsAsync(""));
        Assert.Equal(["on test"], await ModelsAsync("?kind=verified"));
        Assert.Equal(["on val", "reported"], await ModelsAsync("?split=val"));
        Assert.Equal(["reported", "on test"], await ModelsAsync("?split=test"));
        Assert.Equal(["on val", "reported"], await ModelsAsync($"?as_of={before:yyyy-MM-ddTHH:mm:ss.ffffff}Z"));
        await api.ExecuteAsync("update results set withdrawn_at = now() where model_name = 'on test'");
        Assert.Equal(["on val", "reported"], await ModelsAsync(""));
    }

    private async Task AddAsync(string model, double value, string split, bool partial = false)
    {
        var evaluation = WorkerRows.EvaluationOf(
            await ApiFactory.SubmitAsync(api.Admin, Samples.Submission("splits", model)));
        await api.ExecuteAsync(Add, new { value, model, split, partial, evaluation });
    }

    private async Task<IEnumerable<string?>> ModelsAsync(string query) =>
        (await api.Anonymous.GetJsonAsync(Address + query)).GetProperty("entries").EnumerateArray()
        .Select(entry => entry.GetProperty("model_name").GetString());
}
