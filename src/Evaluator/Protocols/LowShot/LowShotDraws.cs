namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>The train images of one run of protocol <c>low_shot_svm</c>.</summary>
/// <param name="Shots">How many images of each class were drawn.</param>
/// <param name="Number">Which of the draws with that many, from 0.</param>
/// <param name="Samples">
/// Indices in the train split, class after class. An image of several classes stands there once for each that drew it.
/// </param>
internal sealed record LowShotDraw(int Shots, int Number, IReadOnlyList<int> Samples);

/// <summary>
/// The draws of MoPro's <c>lowshot_svm.py</c> to the image: for each number of shots, for each run, for each class in
/// order, <c>random.shuffle</c> of the class's images in the dataset's order, of which the first few are taken
/// (salesforce/MoPro <c>DataLoader/VOC_dataset.py</c> and <c>Places_dataset.py</c>, <c>convert_low_shot</c>; the script
/// calls <c>random.seed(0)</c> once, and nothing else draws from that generator). Negatives are not drawn: every image of
/// the draw that lacks a class is one.
/// </summary>
internal static class LowShotDraws
{
    /// <summary>The numbers of shots in that script, in its order.</summary>
    public static readonly IReadOnlyList<int> PublishedShots = [1, 2, 4, 8, 16];

    /// <summary>How often that script draws for each.</summary>
    public const int PublishedDraws = 5;

    /// <summary>
    /// All draws. They come from one sequence of random numbers: which images the fourth number of shots gets depends on
    /// the three before it. A class with fewer images than shots gives all it has.
    /// </summary>
    /// <param name="samplesOfClass">The samples of each class, in the dataset's order.</param>
    /// <param name="shots">How many images a class.</param>
    /// <param name="draws">How often each.</param>
    /// <param name="seed">What <c>random.seed</c> is given.</param>
    public static IReadOnlyList<LowShotDraw> Of(
        IReadOnlyList<IReadOnlyList<int>> samplesOfClass, IReadOnlyList<int> shots, int draws = PublishedDraws,
        uint seed = 0)
    {
        var random = new PythonRandom(seed);
        return [.. shots.SelectMany(count => Enumerable.Range(0, draws).Select(number => new LowShotDraw(
            count, number, [.. samplesOfClass.SelectMany(samples => Draw(samples, count, random))])))];
    }

    /// <summary>
    /// The draws of a benchmark: where it draws as often as that script, and as many images as it does, the script's own;
    /// else draws by the same rule from a sequence that begins with them.
    /// </summary>
    public static IReadOnlyList<LowShotDraw> OfBenchmark(
        IReadOnlyList<IReadOnlyList<int>> samplesOfClass, int shots, int draws) =>
        draws == PublishedDraws && PublishedShots.Contains(shots)
            ? [.. Of(samplesOfClass, PublishedShots).Where(draw => draw.Shots == shots)]
            : Of(samplesOfClass, [shots], draws);

    /// <summary>The samples that have each class.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> ByClass(IReadOnlyList<int[]> targets, int classCount)
    {
        var samples = Enumerable.Range(0, classCount).Select(_ => new List<int>()).ToList();
        foreach (var (sample, classes) in targets.Index())
        {
            foreach (var c in classes)
            {
                samples[c].Add(sample);
            }
        }
        return samples;
    }

    /// <summary>The samples that any draw has, in rising order, and the draws with indices among those.</summary>
    public static (IReadOnlyList<int> Samples, IReadOnlyList<LowShotDraw> Draws) OnlyDrawn(
        IReadOnlyList<LowShotDraw> draws)
    {
        var samples = draws.SelectMany(draw => draw.Samples).Distinct().Order().ToList();
        var places = samples.Index().ToDictionary(sample => sample.Item, sample => sample.Index);
        return (samples, [.. draws.Select(draw => draw with { Samples = [.. draw.Samples.Select(s => places[s])] })]);
    }

    private static IEnumerable<int> Draw(IReadOnlyList<int> samples, int count, PythonRandom random)
    {
        var shuffled = samples.ToArray();
        random.Shuffle(shuffled);
        return shuffled.Take(count);
    }
}
