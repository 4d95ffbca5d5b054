namespace Leaderboard.Api.Tests.EvaluationTables;

public sealed class ProgressOfATableTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Records_go_by_the_day_of_evaluation_else_by_the_paper_and_rows_without_a_date_set_none()
    {
        await api.ExecuteAsync(
            "insert into papers (id, title, url, published_on) values ('p', 'P', 'https://example.org/p', '2016-06-01')");
        await api.AddTableAsync("line", ["Accuracy", "Perplexity-"]);
        await api.AddRowAsync("line", "undated", ["99", "1"]);
        await api.AddRowAsync("line", "of-paper", ["60", "50"], paper: "p");
        await api.AddRowAsync("line", "evaluated", ["50", "60"], paper: "p", paperDate: "2018-01-01", evaluatedOn: "2015-01-01");
        await api.AddRowAsync("line", "same-day", ["55", "55"], paper: "p");
        await api.AddRowAsync("line", "equal", ["60", "50"], paperDate: "2017-01-01");
        await api.AddRowAsync("line", "text", ["very good", "low"], paperDate: "2017-02-01");
        await api.AddRowAsync("line", "extra", ["70", "70"], paperDate: "2018-01-01", extra: true);
        await api.AddRowAsync("line", "last", ["65", "40"], paperDate: "2019-01-01");
        Assert.Equal(
            ["2015-01-01 evaluated 50", "2016-06-01 of-paper 60", "2018-01-01 extra 70"], await api.RecordsAsync("line"));
        Assert.Equal(
            ["2015-01-01 evaluated 50", "2016-06-01 of-paper 60", "2019-01-01 last 65"],
            await api.RecordsAsync("line", "?extra_data=false"));
        Assert.Equal(
            ["2015-01-01 evaluated 60", "2016-06-01 of-paper 50", "2019-01-01 last 40"],
            await api.RecordsAsync("line", "?metric=Perplexity"));
        Assert.Empty(await api.RecordsAsync("line", "?kind=verified"));
    }
}
