using System.Collections.Frozen;

namespace Leaderboard.Api.EvaluationTables;

/// <summary>Which way a metric points, told from its name, since the archive of Papers With Code does not say.</summary>
/// <remarks>
/// The rules, the first that applies:
/// <list type="number">
/// <item>It says so: <c>↓</c>, <c>lower is better</c>, <c>↑</c>, <c>higher is better</c>.</item>
/// <item><c>1 - …</c> and <c>100 - …</c> point the other way than what follows; without blanks only before what is better less:
/// <c>1-EER</c>, but not <c>1-shot accuracy</c>.</item>
/// <item>Something <c>per second</c> is a speed.</item>
/// <item>Of the words before a condition (<c>at</c>, <c>@</c>, <c>of</c>, <c>for</c>, <c>per</c>, a parenthesis …) the last that
/// the table below has, since that is what the others belong to: <c>error detection accuracy</c> is an accuracy, an
/// <c>error reduction</c> a reduction.</item>
/// <item>The same of the words behind it: <c>number of params</c>.</item>
/// <item>More is better.</item>
/// </list>
/// Words are whole, in any case, with or without digits behind: <c>FID10k</c> is an FID, <c>hyperparameter</c> no parameter.
/// </remarks>
internal static class MetricDirections
{
    // In lower case; of what is better more only what may stand beside a word of the other kind.
    private const string LessIsBetter = """
        error errors err loss losses cost risk regret penalty
        perplexity ppl nll bpc bpb bpd bpp bpw bit bits entropy
        wer cer ter der jer eer mer pier ser
        mae mse rmse rmsd rmsle mape smape wmape mrae mase nrmse nmse mpe maae sad
        epe aepe rmsep ade fde minade minfde ate rte rpe mpjpe mpvpe pve mave nme ned cd hd hd95 assd asd emd
        fid kid fvd fad lpips dists niqe brisque nrqm pi piqe ssimu mce ece mca brier
        divergence kl jsd distance deviation variance discrepancy bias disparity
        latency time runtime duration seconds delay wait
        params param parameters parameter flops flop gflops mflops tflops macs gmacs mmacs madds memory size energy emissions carbon co2
        fpr fnr far frr fmr fnmr mr dcf mindcf fp fn false miss misses missed failures failure collisions collision
        switches idsw ids toxicity hallucination hallucinations forgetting violations
        absrel sqrel sqerr abserr silog mdape crps
        """;

    private static readonly string[] PhrasesOfLess =
    [
        "mean rank", "median rank", "average rank", "avg rank", "abs rel", "sq rel", "rel abs", "edit distance", "log loss",
        "fl all", "d1 all",
        "absolute relative",
    ];

    private const string MoreIsBetter = """
        accuracy acc precision recall f1 map ap auc auroc aupr auprc iou miou dice score bleu rouge meteor cider spice
        psnr ssim mrr ndcg kappa mcc correlation pearson spearman r2 likelihood fps throughput speed speedup acceleration
        reduction improvement gain gains saving savings tpr tnr sensitivity specificity correct success wins win reward return
        em hits quality similarity agreement pck mota hota idf1 elo mos pesq stoi sdr snr fidelity robustness coverage
        """;

    private static readonly string[] PhrasesOfMore = ["time efficiency", "size efficiency", "memory efficiency"];

    private static readonly FrozenDictionary<string, bool> Words = Split(LessIsBetter).Concat(PhrasesOfLess)
        .Select(word => KeyValuePair.Create(word, true))
        .Concat(Split(MoreIsBetter).Concat(PhrasesOfMore).Select(word => KeyValuePair.Create(word, false)))
        .ToFrozenDictionary();

    private static readonly FrozenSet<string> Conditions = FrozenSet.ToFrozenSet(
        ["at", "of", "for", "per", "with", "on", "in", "over", "under", "when", "given", "(", "[", "@"]);

    public static bool IsLoss(string metricName)
    {
        var name = metricName.Trim().ToLowerInvariant().Replace('−', '-').Replace('–', '-');
        var saysLess = Says(name, "↓", "lower is better", "lower the better", "less is better");
        if (saysLess != Says(name, "↑", "higher is better", "higher the better", "more is better"))
        {
            return saysLess;
        }
        return !Says(name, "per second", "/sec", "/s)") && (OfDifference(name) ?? Of(name) ?? false);
    }

    private static bool Says(string name, params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (name.Contains(phrase, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private static bool? OfDifference(string name)
    {
        var minus = name.IndexOf('-', StringComparison.Ordinal);
        if (minus < 0 || name[..minus].Trim() is not ("1" or "100") || Of(name[(minus + 1)..]) is not { } isLoss)
        {
            return null;
        }
        return isLoss || name[minus - 1] == ' ' ? !isLoss : null;
    }

    /// <returns>Null where the table has none of the words.</returns>
    private static bool? Of(string name)
    {
        var words = WordsOf(name);
        var condition = words.FindIndex(Conditions.Contains);
        var head = condition > 0 ? condition : words.Count;
        return LastKnown(words[..head]) ?? LastKnown(words[head..]);
    }

    private static bool? LastKnown(List<string> words)
    {
        for (var i = words.Count - 1; i >= 0; i--)
        {
            if ((i > 0 && Words.TryGetValue($"{words[i - 1]} {words[i]}", out var isLoss))
                || Words.TryGetValue(words[i], out isLoss)
                || Words.TryGetValue(words[i].TrimEnd('k').TrimEnd([.. "0123456789"]), out isLoss))
            {
                return isLoss;
            }
        }
        return null;
    }

    private static List<string> WordsOf(string name)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && char.IsLetterOrDigit(name[i]))
            {
                continue;
            }
            if (i > start)
            {
                words.Add(name[start..i]);
            }
            if (i < name.Length && name[i] is '(' or '[' or '@')
            {
                words.Add(name[i].ToString());
            }
            start = i + 1;
        }
        return words;
    }

    private static string[] Split(string words) =>
        words.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
