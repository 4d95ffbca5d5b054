namespace Leaderboard.Evaluator.Metrics;

/// <summary>
/// Average precision of one class, in [0, 1]: the area under precision over recall, each precision raised to the largest at
/// no smaller recall. That is the measure of Pascal VOC since 2010, not the eleven points of VOC 2007, and it is what
/// MoPro's <c>lowshot_svm.py</c> computes on VOC 2007 (salesforce/MoPro, <c>get_precision_recall</c> and
/// <c>calculate_ap</c>; the same in salesforce/PCL <c>eval_svm_voc.py</c>, both from
/// facebookresearch/fair_self_supervision_benchmark <c>tools/svm/svm_helper.py</c>).
/// </summary>
internal static class AveragePrecision
{
    /// <summary>
    /// Null where no sample is positive. A difficult object (label 0) is a negative, as in that script; of equal scores the
    /// later sample ranks first, as a stable <c>argsort</c> read backwards has it.
    /// </summary>
    /// <param name="isPositive">Whether each sample has the class.</param>
    /// <param name="scores">The decision value of each.</param>
    public static double? Of(IReadOnlyList<bool> isPositive, IReadOnlyList<double> scores)
    {
        var positives = isPositive.Count(positive => positive);
        if (positives == 0)
        {
            return null;
        }
        var ranked = Enumerable.Range(0, scores.Count)
            .OrderByDescending(sample => scores[sample]).ThenByDescending(sample => sample).ToArray();
        var precisions = new double[positives];
        var found = 0;
        for (var rank = 0; rank < ranked.Length; rank++)
        {
            if (isPositive[ranked[rank]])
            {
                precisions[found] = (found + 1.0) / (rank + 1);
                found++;
            }
        }
        // Between two positives precision falls, so the largest is found among the positives' own.
        for (var i = positives - 2; i >= 0; i--)
        {
            precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        }
        var sum = 0.0;
        for (var i = 0; i < positives; i++)
        {
            sum += (((i + 1.0) / positives) - ((double)i / positives)) * precisions[i];
        }
        return sum;
    }
}
