using System.Globalization;
using Leaderboard.Cli.Contract;

namespace Leaderboard.Cli;

/// <summary>Progress for logs: one line at each change of state, and at each tenth of the samples.</summary>
internal sealed class ProgressLines
{
    private readonly Dictionary<Guid, (string State, int Tenths)> shown = [];

    public void Write(Submission submission)
    {
        foreach (var evaluation in submission.Latest)
        {
            var now = (evaluation.State, Tenths: (int)(evaluation.Share * 10));
            if (shown.GetValueOrDefault(evaluation.Id) == now)
            {
                continue;
            }

            shown[evaluation.Id] = now;
            var samples = evaluation is { State: "running", Progress.Total: { } total }
                ? $" {evaluation.Progress.Done}/{total}"
                : "";
            var rate = evaluation is { State: "running", Progress.ImagesPerSecond: { } imagesPerSecond }
                ? string.Create(CultureInfo.InvariantCulture, $" at {imagesPerSecond:0.0} images/s")
                : "";
            Console.WriteLine($"{evaluation.Benchmark}: {evaluation.State}{samples}{rate}");
        }
    }
}
