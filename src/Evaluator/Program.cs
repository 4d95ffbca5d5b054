using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker;

// One program, two sides of the sandbox: the worker takes evaluations from the queue and holds the database's
// password; `run`, `inspect`, `pack`, `learn` and `device` are its children, which alone parse checkpoints and images and hold nothing.
return args switch
{
    [] or ["work"] => await WorkerHost.RunAsync(args),
    ["run"] => RunnerHost.Execute<RunRequest>(RunCommand.Execute),
    ["learn"] => RunnerHost.Execute<LearnRequest>(LearnCommand.Execute),
    ["pack"] => RunnerHost.Execute<PackRequest>(PackCommand.Execute),
    ["device"] => RunnerHost.Execute<DeviceRequest>(DeviceCommand.Execute),
    ["inspect"] => RunnerHost.Execute<LoadRequest>(InspectCommand.Execute),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Evaluator [work]    serve the queue; `run`, `inspect`, `pack`, `learn` and `device` are for its own use");
    return 2;
}
