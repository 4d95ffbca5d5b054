namespace Leaderboard.Cli;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>An evaluation failed or was cancelled.</summary>
    public const int EvaluationFailed = 1;

    /// <summary>The command line is wrong, or the server refused the request.</summary>
    public const int Refused = 2;

    /// <summary>The server did not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;
}
