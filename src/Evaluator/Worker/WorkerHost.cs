using Hangfire;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Evaluator.Worker;

/// <summary>Composes and runs the worker: two Hangfire servers, the sweep and the heartbeat.</summary>
internal static class WorkerHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        Database.UseSnakeCaseColumns();
        var builder = Host.CreateApplicationBuilder(args);
        builder.Logging.AddLeaderboardConsole(builder.Configuration);
        // Every statement and every poll would bury the one line a stage that matters.
        builder.Logging.AddFilter("Npgsql", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning);

        if (WorkerSettings.Read(builder.Configuration) is not { } settings)
        {
            return 2;
        }
        var options = settings.Options;

        var sandbox = Sandbox.Probe();
        if (await DeviceCheck.RunAsync(sandbox, options) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }

        var folders = LeaderboardFolders.FromEnvironment();
        folders.MakeHome();
        ScratchFolder.RemoveAbandoned(folders.Scratch, olderThan: options.TimeLimit, TimeProvider.System);
        var services = builder.Services;
        services.AddEvaluating(settings, folders, sandbox);
        services.AddLeaderboardTelemetry(builder.Configuration, "leaderboard-evaluator");
        services.AddSingleton<WorkQueues>();
        services.AddTransient<IEvaluationJob, EvaluationJob>();
        services.AddTransient<IInspectionJob, InspectionJob>();
        services.AddHostedService<WorkerHeartbeat>();
        services.AddHostedService<DatasetWatch>();
        services.AddHostedService<QueueSweep>();
        services.AddHangfire(hangfire => hangfire.UseLeaderboardQueue(settings.ConnectionString));
        string[] queues = options.Device == "cpu"
            ? [IEvaluationJob.CpuQueue]
            : [IEvaluationJob.GpuQueue, IEvaluationJob.CpuQueue];
        // One evaluation at a time: it uses the whole device. Inspections have a server of their own, so that an
        // upload is inspected while a long evaluation runs.
        services.AddHangfireServer(server => Configure(server, "evaluations", queues));
        services.AddHangfireServer(server => Configure(server, "inspections", [IInspectionJob.Queue]));

        using var host = builder.Build();
        host.Services.GetRequiredService<ImageCache>().Room.RemoveAbandoned();
        WarnWithoutSandbox(sandbox, options);
        await host.RunAsync();
        return 0;
    }

    private static void Configure(BackgroundJobServerOptions server, string name, string[] queues)
    {
        server.ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:{name}";
        server.Queues = queues;
        server.WorkerCount = 1;
        server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
        server.HeartbeatInterval = TimeSpan.FromSeconds(10);
    }

    private static void WarnWithoutSandbox(Sandbox sandbox, WorkerOptions options)
    {
        if (sandbox.Unavailable is { } reason)
        {
            var programs = options.AllowProgramsWithoutSandbox ? "run with this worker's rights" : "are refused";
            Console.Error.WriteLine($"No sandbox: {reason}. TorchScript checkpoints {programs}.");
        }
    }
}
