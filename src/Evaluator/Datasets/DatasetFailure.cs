using System.Runtime.InteropServices;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// The ways in which a dataset is refused. Everybody may read the messages: their paths begin at the datasets root or
/// at the dataset's folder, and never say where the operator keeps them.
/// </summary>
internal static class DatasetFailure
{
    private const int MostErrorNumbers = 4095;

    public static EvaluationFailedException Missing(string message) => new(FailureCodes.DatasetMissing, message);

    public static EvaluationFailedException Changed(string message) => new(FailureCodes.DatasetChanged, message);

    /// <summary>Reads something of a dataset; where the file system refuses, the dataset is missing.</summary>
    /// <param name="shown">The path as the message shows it.</param>
    /// <param name="read">Reads it.</param>
    public static T Reading<T>(string shown, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Missing($"{DatasetPath.Printable(shown)} cannot be read: {Reason(refused)}.");
        }
    }

    /// <summary>Why the file system refuses, in words without a path.</summary>
    public static string Reason(Exception refused) => refused switch
    {
        // The messages of .NET hold the absolute path; an I/O error's HResult is the errno of Linux.
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "it is no longer there",
        { HResult: > 0 and <= MostErrorNumbers } => Marshal.GetPInvokeErrorMessage(refused.HResult),
        _ => "an input/output error",
    };
}
