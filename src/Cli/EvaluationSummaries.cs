using Leaderboard.Cli.Contract;

namespace Leaderboard.Cli;

internal static class EvaluationSummaries
{
    extension(EvaluationSummary evaluation)
    {
        public bool IsFinished => evaluation.State is "succeeded" or "failed" or "cancelled";

        /// <summary>Share of the samples that is done, in [0, 1].</summary>
        public double Share => evaluation.State == "succeeded" ? 1
            : evaluation.Progress is { Done: var done, Total: > 0 and var total } ? (double)done / total
            : 0;
    }

    extension(Submission submission)
    {
        /// <summary>Those that none was begun in place of.</summary>
        public IEnumerable<EvaluationSummary> Latest => submission.Evaluations.Where(
            evaluation => submission.Evaluations.All(other => other.RerunOf != evaluation.Id));
    }
}
