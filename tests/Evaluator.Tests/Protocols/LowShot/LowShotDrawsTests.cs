using Leaderboard.Evaluator.Protocols.LowShot;

namespace Leaderboard.Evaluator.Tests.Protocols.LowShot;

public sealed class LowShotDrawsTests
{
    [Fact]
    public void They_are_those_of_CPythons_shuffle_in_one_sequence()
    {
        var golden = ProtocolGoldens.Read("draws.json");
        IReadOnlyList<int>[] classes = [.. ProtocolGoldens.Integers(golden.GetProperty("lengths"))
            .Select((length, c) => Enumerable.Range(c * 10_000, length).ToArray())];

        foreach (var seed in golden.GetProperty("seeds").EnumerateArray())
        {
            var draws = LowShotDraws.Of(
                classes, LowShotDraws.PublishedShots, LowShotDraws.PublishedDraws, seed.GetProperty("seed").GetUInt32());

            Assert.Equal(
                seed.GetProperty("draws").EnumerateArray().Select(ProtocolGoldens.Integers), draws.Select(draw => draw.Samples));
            Assert.Equal((8, 3), (draws[18].Shots, draws[18].Number));
        }
    }

    [Fact]
    public void An_image_of_several_classes_is_in_the_list_of_each() =>
        Assert.Equal([[0, 1], [1, 2], []], LowShotDraws.ByClass([[0], [0, 1], [1], []], classCount: 3));

    [Fact]
    public void A_benchmark_of_published_shots_has_the_script_s_draws_and_another_draws_of_its_own()
    {
        var classes = LowShotDraws.ByClass([.. Enumerable.Range(0, 90).Select(sample => new[] { sample % 3 })], 3);
        var published = LowShotDraws.Of(classes, LowShotDraws.PublishedShots);

        Assert.Equal(
            published.Where(draw => draw.Shots == 4).Select(draw => draw.Samples),
            LowShotDraws.OfBenchmark(classes, shots: 4, draws: 5).Select(draw => draw.Samples));
        Assert.Equal(
            published[0].Samples, LowShotDraws.OfBenchmark(classes, shots: 1, draws: 7)[0].Samples);
        Assert.Equal(7, LowShotDraws.OfBenchmark(classes, shots: 3, draws: 7).Count);
    }

    [Fact]
    public void Draws_can_be_told_in_places_among_the_drawn_alone()
    {
        LowShotDraw[] draws = [new(1, 0, [70, 20, 20]), new(1, 1, [20, 50])];

        var (samples, within) = LowShotDraws.OnlyDrawn(draws);

        Assert.Equal([20, 50, 70], samples);
        Assert.Equal([[2, 0, 0], [0, 1]], within.Select(draw => draw.Samples));
    }
}
