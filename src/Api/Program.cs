using Leaderboard.Api;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Archive;
using Leaderboard.Api.Hosting;
using Leaderboard.Api.Migrations;
using Leaderboard.Shared;
using Leaderboard.Shared.Hosting;

Database.UseSnakeCaseColumns();
try
{
    switch (args)
    {
        case ["migrate", .. var settings]:
            var configuration = Settings.Read(settings);
            await MigrateCommand.RunAsync(
                Database.ConnectionString(configuration, Settings.Connections), LeaderboardFolders.FromEnvironment(), Settings.CatalogueFolder());
            return 0;
        case ["key", "create", .. var options]:
            return await KeyCommand.CreateAsync(options);
        case ["export-tables", .. var options]:
            return await ExportCommand.RunAsync(options);
        case ["import-archive", .. var options]:
            return await ImportCommand.RunAsync(options);
        default:
            await Server.Build(args, LeaderboardFolders.FromEnvironment()).RunAsync();
            return 0;
    }
}
catch (Exception exception) when (SettingProblems.Explain(exception) is { } problem)
{
    await Console.Error.WriteLineAsync(problem);
    return 2;
}
