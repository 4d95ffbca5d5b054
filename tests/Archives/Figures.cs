using System.Globalization;

namespace Leaderboard.Archives;

/// <summary>Names of metrics, and figures as people write them.</summary>
internal static class Figures
{
    public static readonly string[] Metrics =
        ["Top 1 Accuracy", "Top 5 Accuracy", "Accuracy", "F1", "mAP", "box AP", "Mean IoU", "BLEU score", "FID", "Test perplexity", "PSNR", "SSIM", "MAE", "Word Error Rate (WER)", "Percentage error", "Params", "GFLOPs", "Validation Score μ"];

    public static string Draw(string metric, ref Draws draws)
    {
        var value = draws.Unit() * 100;
        if (metric == "Params")
        {
            return draws.OneIn(3) ? Text($"{value * 1e6:0}") : Text($"{value:0.0}M");
        }
        return draws.Below(100) switch
        {
            < 70 => Text($"{value:0.0}"),
            < 85 => Text($"{value:0.00}%"),
            < 90 => Text($"{value:0.00} ± {draws.Unit():0.00}"),
            < 92 => Text($"{value * 1000:#,##0}"),
            < 94 => Text($"~{value:0}"),
            < 95 => Text($"{value:0.0}*"),
            95 => "",
            96 => "-",
            97 => "N/A",
            98 => Text($"{value:0}/{100 - value:0}"),
            _ => Text($"{value:0} (5-shot)"),
        };

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
