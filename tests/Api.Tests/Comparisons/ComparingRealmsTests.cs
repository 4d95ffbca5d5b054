using System.Text.Json;

namespace Leaderboard.Api.Tests.Comparisons;

/// <summary>Averages over realms are compared realm by realm, on the images of each.</summary>
public sealed class ComparingRealmsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    // Of eight images four only a has right and one only b; of eighteen two and two.
    private const string AOfEight = "1111" + "0" + "110";
    private const string BOfEight = "0000" + "1" + "110";
    private const string AOfEighteen = "11" + "00" + "11111111110000";
    private const string BOfEighteen = "00" + "11" + "11111111110000";

    [Fact]
    public async Task Every_realm_weighs_the_same_in_the_difference_and_in_its_test()
    {
        await api.CreateRealmBenchmarkAsync("realms", 2);
        var a = await api.MeasureRealmsAsync("realms", "model-a", AOfEight, AOfEighteen);
        var b = await api.MeasureRealmsAsync("realms", "model-b", BOfEight, BOfEighteen);

        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");

        Assert.Equal("average_top1_accuracy", compared.GetProperty("metric").GetString());
        Assert.Equal("paired_stratified", compared.GetProperty("method").GetString());
        Assert.Equal((26, 12, 6, 3, 5), (
            Integer(compared, "count"), Integer(compared, "both_correct"), Integer(compared, "only_a_correct"),
            Integer(compared, "only_b_correct"), Integer(compared, "neither_correct")));
        // (3 / 8 + 0 / 18) / 2, where all images together would give 3 / 26.
        Assert.Equal(3 / 16.0, Number(compared, "difference"), 12);
        Assert.Equal((6 / 8.0 + 12 / 18.0) / 2, Number(compared.GetProperty("a"), "value"), 12);
        Assert.Equal((3 / 8.0 + 12 / 18.0) / 2, Number(compared.GetProperty("b"), "value"), 12);
        Assert.Equal(18, Integer(compared.GetProperty("a"), "correct"));
        Assert.Equal(15, Integer(compared.GetProperty("b"), "correct"));
        // With one more on either side: 5 and 2 of 10, (0.7 - 0.09) / 10; 3 and 3 of 20, 0.3 / 20. Half the root of
        // 0.076 is 0.1378, and 0.1875 lies 1.3603 of it from zero: p = 0.1738.
        var reach = 1.959964 * Math.Sqrt(0.076) / 2;
        Assert.Equal(0.1738, Number(compared, "p_value"), 0.0001);
        Assert.Equal(3 / 16.0 - reach, compared.GetProperty("interval")[0].GetDouble(), 6);
        Assert.Equal(3 / 16.0 + reach, compared.GetProperty("interval")[1].GetDouble(), 6);
        Assert.False(compared.GetProperty("significant").GetBoolean());
        Assert.Equal(
            ["realm0 8 2 4 1 0.375", "realm1 18 10 2 2 0"],
            compared.GetProperty("realms").EnumerateArray().Select(
                realm => string.Join(' ', realm.EnumerateObject().Select(field => field.Value.ToString()))));

        var turned = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={b}&b={a}");
        Assert.Equal(-3 / 16.0, Number(turned, "difference"), 12);
        Assert.Equal(Number(compared, "p_value"), Number(turned, "p_value"));
    }

    [Fact]
    public async Task Equal_predictions_differ_in_nothing_and_two_images_prove_nothing()
    {
        await api.CreateRealmBenchmarkAsync("few", 1);
        var a = await api.MeasureRealmsAsync("few", "a", "11");
        var b = await api.MeasureRealmsAsync("few", "b", "11");
        var c = await api.MeasureRealmsAsync("few", "c", "00");

        var equal = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={b}");
        Assert.Equal((0, 1), (Number(equal, "difference"), Number(equal, "p_value")));
        // One and one of 4: 0.5 / 4, and its root is 0.3536.
        Assert.Equal(0.6930, equal.GetProperty("interval")[1].GetDouble(), 0.0001);

        // All of two images, 3 and 1 of 4: (1 - 0.25) / 4, and 1 lies 2.3094 of its root, 0.4330, from zero.
        var all = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={a}&b={c}");
        Assert.Equal(1, Number(all, "difference"));
        Assert.Equal(1, all.GetProperty("interval")[1].GetDouble());
        Assert.Equal(0.0209, Number(all, "p_value"), 0.0001);
    }

    [Fact]
    public async Task A_realm_that_was_not_predicted_on_the_same_images_is_refused()
    {
        await api.CreateRealmBenchmarkAsync("splits", 2);
        var a = await api.MeasureRealmsAsync("splits", "a", "10", "10");
        var onTest = await api.MeasureSplitsAsync("splits", "on test", ("val", "10"), ("test", "10"));
        await RefuseAsync(onTest, "realm1");

        var unpaired = await api.MeasureRealmsAsync("splits", "unpaired", "10", "10");
        var unpairedRealm = await RealmAsync(unpaired);
        await api.ExecuteAsync("delete from predictions where evaluation_id = @unpairedRealm", new { unpairedRealm });
        await RefuseAsync(unpaired, "realm0");

        var oneRealm = await RealmAsync(a);
        await RefuseAsync(oneRealm, "all realms");

        // The realms themselves are evaluations, of one split each.
        var otherRealm = await RealmAsync(onTest);
        var compared = await api.Anonymous.GetJsonAsync($"/api/v1/compare?a={oneRealm}&b={otherRealm}");
        Assert.Equal("tango", compared.GetProperty("method").GetString());
        Assert.Empty(compared.GetProperty("realms").EnumerateArray());

        Task<Guid> RealmAsync(Guid whole) => api.ScalarAsync<Guid>(
            "select id from evaluations where parent_id = @whole and realm = 'realm0'", new { whole });

        async Task RefuseAsync(Guid b, string named)
        {
            foreach (var query in (string[])[$"a={a}&b={b}", $"a={b}&b={a}"])
            {
                var problem = await api.Anonymous.ShouldRefuseAsync(
                    $"/api/v1/compare?{query}", null, 422, "evaluations_incomparable");
                Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_board_of_averages_tells_its_rows_apart_realm_by_realm()
    {
        await api.CreateRealmBenchmarkAsync("board", 2);
        await api.MeasureRealmsAsync("board", "first", Digits(90, 10), Digits(900, 100));
        // Twenty images fewer of each hundred, all of them images that the first has right.
        await api.MeasureRealmsAsync("board", "below", Digits(70, 30), Digits(900, 100));
        // One image fewer.
        await api.MeasureRealmsAsync("board", "beside", Digits(89, 11), Digits(900, 100));
        await api.MeasureSplitsAsync("board", "elsewhere", ("val", Digits(80, 20)), ("test", Digits(800, 200)));
        await api.ReportAsync("board", "reported", 0.5, metric: "average_top1_accuracy");

        var board = await api.Anonymous.GetJsonAsync("/api/v1/benchmarks/board/leaderboard");

        Assert.Equal(
            ["first true", "beside true", "below false", "elsewhere null", "reported null"],
            board.GetProperty("entries").EnumerateArray().Select(
                entry => $"{entry.GetProperty("model_name")} {entry.GetProperty("tied_with_first").GetRawText()}"));
    }

    private static string Digits(int right, int wrong) => new string('1', right) + new string('0', wrong);

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    private static int Integer(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
