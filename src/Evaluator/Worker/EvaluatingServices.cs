using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Worker.Caching;
using Leaderboard.Shared;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What evaluating takes, whoever asks for it: the queue, or an operator.</summary>
internal static class EvaluatingServices
{
    public static void AddEvaluating(
        this IServiceCollection services, WorkerSettings settings, LeaderboardFolders folders, Sandbox sandbox)
    {
        services.AddNpgsqlDataSource(settings.ConnectionString, source => source.Name = Database.Name);
        services.AddSingleton(folders);
        services.AddSingleton(settings.Options);
        services.AddSingleton(WorkerIdentity.New());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(sandbox);
        services.AddSingleton(new RunnerProcess(sandbox, settings.Options, LibtorchFolder.FromEnvironment()));
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<FileDigests>();
        services.AddSingleton<ManifestCheck>();
        services.AddSingleton<DatasetManifests>();
        services.AddSingleton<DatasetStates>();
        services.AddSingleton<ImageCache>();
        services.AddSingleton<FeatureCache>();
        services.AddSingleton<ImagePacker>();
        services.AddSingleton<NetworkRun>();
        services.AddSingleton<FeatureStore>();
        services.AddSingleton<Learner>();
        services.AddSingleton<EvaluationProvenance>();
        services.AddSingleton<ClassifyEvaluation>();
        services.AddSingleton<LearningEvaluation>();
    }
}
