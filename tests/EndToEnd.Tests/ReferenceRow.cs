using System.Globalization;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>What PyTorch, torchvision and Pillow make of a real image.</summary>
/// <param name="File">The image.</param>
/// <param name="Label">Its class.</param>
/// <param name="Top1">The class that is predicted.</param>
/// <param name="Margin">By how much its logit is above the second.</param>
/// <param name="Top5">The five best classes, the best first; of networks for ImageNet alone.</param>
internal sealed record ReferenceRow(string File, int Label, int Top1, double Margin, int[] Top5)
{
    private const double NearTie = 1e-4; // in logits

    /// <summary>SqueezeNet's rows on ImageNet's images.</summary>
    public static IReadOnlyList<ReferenceRow> OfImageNet => Read("imagenet.squeezenet1_0.csv");

    public static IReadOnlyList<ReferenceRow> Read(string name) =>
    [
        .. System.IO.File.ReadLines(RealData.At("reference", name)).Skip(1).Select(line => line.Split(',')).Select(
            fields => new ReferenceRow(
                fields[0], Integer(fields[1]), Integer(fields[2]), double.Parse(fields[4], CultureInfo.InvariantCulture),
                fields.Length > 5 ? [.. fields[5].Split(' ').Select(Integer)] : [])),
    ];

    /// <summary>
    /// Every sample is predicted as its row says, and there is no other. A near tie may fall either way between honest
    /// implementations, and is counted.
    /// </summary>
    public static void AssertPredicted(
        IEnumerable<(string Sample, ReferenceRow Row)> expected, IReadOnlyDictionary<string, Predicted> predictions)
    {
        var rows = expected.ToList();
        Assert.Equal(rows.Count, predictions.Count);
        Assert.All(rows, each => Assert.Equal($"{each.Row.Label}", predictions[each.Sample].Target));
        var different = rows.FindAll(each => each.Row.Top1 != predictions[each.Sample].Class);
        TestContext.Current.TestOutputHelper?.WriteLine($"{different.Count} of {rows.Count} predictions differ");
        Assert.All(different, each => Assert.True(
            each.Row.Margin < NearTie, $"{each.Sample} is predicted otherwise than as {each.Row.Top1}"));
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
