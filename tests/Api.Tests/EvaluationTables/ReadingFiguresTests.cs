using System.Diagnostics;
using Leaderboard.Api.EvaluationTables;

namespace Leaderboard.Api.Tests.EvaluationTables;

public sealed class ReadingFiguresTests
{
    [Theory]
    [InlineData("73.9%", 73.9, "%", null)]
    [InlineData("73.9 %", 73.9, "%", null)]
    [InlineData("1.2M", 1.2e6, null, null)]
    [InlineData("3.0m", 3e6, null, null)]
    [InlineData("220k", 220e3, null, null)]
    [InlineData("175B", 175e9, null, null)]
    [InlineData("7b", 7e9, null, null)]
    [InlineData("4.1G", 4.1e9, null, null)]
    [InlineData("1.6T", 1.6e12, null, null)]
    [InlineData("1.5 billion", 1.5e9, null, null)]
    [InlineData("4.1 GFLOPs", 4.1e9, "FLOPs", null)]
    [InlineData("25M params", 25e6, "params", null)]
    [InlineData("0.8428 ± 0.0014", 0.8428, null, 0.0014)]
    [InlineData("0.8428±0.0014", 0.8428, null, 0.0014)]
    [InlineData("0.8428 +- 0.0014", 0.8428, null, 0.0014)]
    [InlineData("0.8428 +/- 0.0014", 0.8428, null, 0.0014)]
    [InlineData("91.3 (±0.3)", 91.3, null, 0.3)]
    [InlineData("91.3 (+/- 0.3)", 91.3, null, 0.3)]
    [InlineData("73.9 ± 0.2%", 73.9, "%", 0.2)]
    [InlineData("73.9% ± 0.2%", 73.9, "%", 0.2)]
    [InlineData("1.2M ± 0.1M", 1.2e6, null, 1e5)]
    [InlineData("96247", 96247, null, null)]
    [InlineData("1,234.5", 1234.5, null, null)]
    [InlineData("12,345,678", 12345678, null, null)]
    [InlineData("-3.2", -3.2, null, null)]
    [InlineData("−3.2", -3.2, null, null)]
    [InlineData("+3.2", 3.2, null, null)]
    [InlineData(".5", 0.5, null, null)]
    [InlineData("5.", 5, null, null)]
    [InlineData("1e-5", 1e-5, null, null)]
    [InlineData("1.5E+3", 1500, null, null)]
    [InlineData("~12", 12, null, null)]
    [InlineData("≈ 12", 12, null, null)]
    [InlineData("12 ms", 12, "ms", null)]
    [InlineData("30fps", 30, "fps", null)]
    [InlineData("1.5 MB", 1.5, "MB", null)]
    [InlineData("91.3*", 91.3, null, null)]
    [InlineData(" 91.3 †\n", 91.3, null, null)]
    public void What_is_plainly_one_number_is_read(string raw, double value, string? unit, double? deviation)
    {
        Assert.Equal(new Figure(value, unit, deviation), Figure.Parse(raw));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData("--")]
    [InlineData(".")]
    [InlineData("~")]
    [InlineData("*")]
    [InlineData("%")]
    [InlineData("N/A")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-∞")]
    [InlineData("1e999")]
    [InlineData("-1e308M")]
    [InlineData("80/90")]
    [InlineData("1-2")]
    [InlineData("1 - 2")]
    [InlineData("73,9")]
    [InlineData("0,843")]
    [InlineData("1,23,456")]
    [InlineData("1234,567")]
    [InlineData("<0.1")]
    [InlineData("> 99")]
    [InlineData("91.3 (5-shot)")]
    [InlineData("91.3 90.2")]
    [InlineData("91.3 ±")]
    [InlineData("91.3 ± -0.1")]
    [InlineData("91.3 ± 0.1 ± 0.2")]
    [InlineData("91.3% ± 2k")]
    [InlineData("1.2.3")]
    [InlineData("0x10")]
    [InlineData("1M2")]
    [InlineData("1st")]
    [InlineData("٣")]
    [InlineData("\ud800")]
    public void What_is_not_is_no_number(string raw) => Assert.Equal(default, Figure.Parse(raw));

    [Fact]
    public void A_text_of_any_length_is_read_in_time()
    {
        var watch = Stopwatch.StartNew();
        foreach (var piece in (string[])["1", "1,", "*", " ", "±", "(", "1±", ",000", "e"])
        {
            Assert.Equal(default, Figure.Parse(string.Concat(Enumerable.Repeat(piece, 10_000_000 / piece.Length))));
        }
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    // Text of every kind, drawn from the characters that the grammar knows.
    [Fact]
    public void No_text_is_an_error_and_every_number_is_finite()
    {
        var random = new Random(20261126);
        for (var i = 0; i < 200_000; i++)
        {
            var raw = new string(random.GetItems("0123456789.,eE+-−±~/()%kmMBGT *†ms\\pxFLOPs\0é".AsSpan(), random.Next(16)));
            var figure = Figure.Parse(raw);
            Assert.True(figure.Value is null ? figure == default : double.IsFinite(figure.Value.Value), raw);
            Assert.True(figure.Deviation is null or (>= 0 and < double.PositiveInfinity), raw);
        }
    }

    [Fact]
    public void Of_the_real_tables_only_empty_figures_and_dashes_are_no_numbers()
    {
        var figures = RealTables.Figures().ToList();
        Assert.NotEmpty(figures);
        Assert.All(figures, figure => Assert.Equal(figure.Raw is not ("" or "–"), Figure.Parse(figure.Raw).Value is not null));
        Assert.Contains(figures, figure => figure.Raw == "3.0m");
    }
}
