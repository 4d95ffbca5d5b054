using Leaderboard.Api;
using Leaderboard.Api.Accounts;
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
                Settings.ConnectionString(configuration), LeaderboardFolders.FromEnvironment(), Settings.CatalogueFolder());
            return 0;
        case ["key", "create", .. var options]:
            return await KeyCommand.CreateAsync(options);
        default:
            await Server.Build(args, LeaderboardFolders.FromEnvironment()).RunAsync();
            return 0;
    }
}
catch (SettingException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
