using System.CommandLine;
using Leaderboard.Cli;
using Leaderboard.Cli.Contract;
using Spectre.Console;

var root = new RootCommand("Submits checkpoints to a leaderboard, watches their evaluation, reads the boards.")
{
    Connection.UrlOption,
    Connection.ApiKeyOption,
    SubmitCommand.Create(),
    WatchCommand.Create(),
    EvaluationCommands.CreateCancel(),
    EvaluationCommands.CreateRerun(),
    BoardCommand.Create(),
    CompareCommand.Create(),
    BenchmarksCommand.Create(),
    MeCommand.Create(),
};

// Spectre takes 80 columns where there is no terminal; the widest board needs a few more.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 110;
}

var parsed = root.Parse(args);
try
{
    var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? ExitCodes.Refused : exitCode;
}
catch (RefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return ExitCodes.Refused;
}
catch (ApiException refusal)
{
    await Console.Error.WriteLineAsync(Connection.Describe(refusal));
    return ExitCodes.Refused;
}
catch (HttpRequestException unreachable)
{
    await Console.Error.WriteLineAsync($"cannot reach the server: {unreachable.Message}");
    return ExitCodes.Unreachable;
}
catch (OperationCanceledException)
{
    return ExitCodes.Interrupted;
}
