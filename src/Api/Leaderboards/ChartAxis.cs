using System.Globalization;

namespace Leaderboard.Api.Leaderboards;

/// <summary>One axis of a chart: numbers to pixels, and round numbers to write beside it.</summary>
/// <param name="From">The number at the first pixel.</param>
/// <param name="To">The number at the last pixel.</param>
/// <param name="First">The first pixel.</param>
/// <param name="Last">The last pixel.</param>
/// <param name="Ticks">What is written beside it.</param>
internal sealed record ChartAxis(
    double From, double To, double First, double Last, IReadOnlyList<(double Value, string Label)> Ticks)
{
    private const int AtMostTicks = 8;

    private static readonly int[] Factors = [1, 2, 5, 10];
    private static readonly int[] Months = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 24000];

    public double At(double value) => First + ((value - From) / (To - From) * (Last - First));

    /// <summary>Days, with years written beside them, or months where there are few years.</summary>
    public static ChartAxis OfDates(DateOnly first, DateOnly last, double firstPixel, double lastPixel)
    {
        var margin = Math.Max(45, (last.DayNumber - first.DayNumber) / 14);
        var from = Math.Max(first.DayNumber - margin, DateOnly.MinValue.DayNumber);
        var to = Math.Min(last.DayNumber + margin, DateOnly.MaxValue.DayNumber);
        var step = Months.First(months => (to - from) / (months * 30.4) <= AtMostTicks);
        var ticks = new List<(double, string)>();
        var start = DateOnly.FromDayNumber(from);
        // Months from the year 0 that the step divides.
        for (var month = (start.Year * 12 / step + 1) * step; month / 12 is > 0 and <= 9999; month += step)
        {
            var day = new DateOnly(month / 12, month % 12 + 1, 1);
            if (day.DayNumber > to)
            {
                break;
            }
            if (day.DayNumber >= from)
            {
                var form = step % 12 == 0 ? "yyyy" : "MMM yyyy";
                ticks.Add((day.DayNumber, day.ToString(form, CultureInfo.InvariantCulture)));
            }
        }
        return new ChartAxis(from, to, firstPixel, lastPixel, ticks);
    }

    /// <summary>Per cent, with room above and below.</summary>
    public static ChartAxis OfPercents(double least, double most, double firstPixel, double lastPixel)
    {
        var (middle, half) = ((least + most) / 2, Math.Max(most - least, 1) * 0.6);
        var step = Round(2 * half / (AtMostTicks - 2));
        var from = Math.Max(Math.Floor((middle - half) / step) * step, 0);
        var to = Math.Min(Math.Ceiling((middle + half) / step) * step, 100);
        var ticks = Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1)
            .Select(i => from + i * step)
            .Where(value => value <= 100 + 1e-9)
            .Select(value => (value, value.ToString("0.###", CultureInfo.InvariantCulture) + " %"))
            .ToList();
        return new ChartAxis(from, to, firstPixel, lastPixel, ticks);
    }

    // The next of 1, 2, 5, 10, … that is no smaller.
    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * Factors.First(factor => factor * power >= step * (1 - 1e-9));
    }
}
