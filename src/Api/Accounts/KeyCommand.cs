using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Accounts;

/// <summary>
/// <c>Api key create --user NAME --name LABEL --scope submit [--scope admin|read]</c>: prints a new key, once.
/// </summary>
internal static class KeyCommand
{
    public static async Task<int> CreateAsync(string[] options)
    {
        var values = options.Chunk(2).ToLookup(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? "");
        if (values.Any(option => option.Key is not ("--user" or "--name" or "--scope"))
            || values["--user"].Count() != 1 || values["--name"].Count() != 1)
        {
            throw new SettingException("Usage: key create --user NAME --name LABEL --scope submit [--scope admin|read]");
        }
        var request = new ApiKeyRequest(values["--user"].Single(), values["--name"].Single(), [.. values["--scope"]]);
        try
        {
            ApiKeyEndpoints.Validate(request, TimeProvider.System);
            await using var connection = new NpgsqlConnection(Database.ConnectionString(
                Settings.Read([]), Settings.Connections));
            await connection.OpenAsync();
            Console.WriteLine((await ApiKeyEndpoints.AddAsync(connection, request, CancellationToken.None)).Key);
            return 0;
        }
        catch (RefusedException exception)
        {
            throw new SettingException(exception.Message);
        }
    }
}
