using Leaderboard.Evaluator.Operator;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Hosting;

// One program, two sides of the sandbox: the worker takes evaluations from the queue and holds the database's password;
// `run`, `inspect`, `check`, `pack`, `learn` and `device` are its children, which alone parse checkpoints and images and
// hold nothing.
try
{
    return args switch
    {
        [] or ["work"] => await WorkerHost.RunAsync(args),
        ["run"] => RunnerHost.Execute<RunRequest>(RunCommand.Execute),
        ["learn"] => RunnerHost.Execute<LearnRequest>(LearnCommand.Execute),
        ["check"] => RunnerHost.Execute<CheckRequest>(CheckCommand.Execute),
        ["pack"] => RunnerHost.Execute<PackRequest>(PackCommand.Execute),
        ["device"] => RunnerHost.Execute<DeviceRequest>(DeviceCommand.Execute),
        ["inspect"] => RunnerHost.Execute<LoadRequest>(InspectCommand.Execute),
        ["datasets", "verify", var benchmark] => await DatasetsCommand.VerifyAsync(benchmark),
        ["datasets", "pack", var benchmark] => await DatasetsCommand.PackAsync(benchmark),
        _ => Usage(),
    };
}
catch (Exception exception) when (SettingProblems.Explain(exception) is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}

static int Usage()
{
    Console.Error.WriteLine(
        """
        usage: Evaluator [work]                        serve the queue
               Evaluator datasets verify BENCHMARK     walk a benchmark's dataset and report what is wrong with it
               Evaluator datasets pack BENCHMARK       decode its images ahead of the first evaluation
        BENCHMARK is a name, or name@version. Other words are for the program's own use.
        """);
    return 2;
}
