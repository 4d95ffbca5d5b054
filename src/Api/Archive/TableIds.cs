using Dapper;
using Leaderboard.Api.Catalogue;
using Npgsql;

namespace Leaderboard.Api.Archive;

/// <summary>
/// Names new evaluation tables <c>image-classification-on-imagenet</c>, with <c>-2</c> and so on where another table or a
/// benchmark's has that id.
/// </summary>
internal static class TableIds
{
    private const string Unnamed = "select number, base_id from merged_tables where id is null order by number";

    private const string SetIds = """
        update merged_tables t set id = n.id
        from unnest(@numbers, @ids) n (number, id) where n.number = t.number
        """;

    public static async Task AssignAsync(NpgsqlConnection connection)
    {
        var unnamed = (await connection.QueryAsync<(long Number, string BaseId)>(Unnamed)).AsList();
        if (unnamed.Count == 0)
        {
            return;
        }
        var taken = new HashSet<string>(await connection.QueryAsync<string>("select id from evaluation_tables"));
        foreach (var (task, name) in await connection.QueryAsync<(string, string)>("select distinct task_id, name from benchmarks"))
        {
            taken.Add($"{task}-on-{Slug.Of(name)}");
        }
        var next = new Dictionary<string, int>();
        var ids = unnamed.Select(table => Free(table.BaseId, taken, next)).ToArray();
        await connection.ExecuteAsync(
            SetIds, new { numbers = unnamed.Select(table => table.Number).ToArray(), ids }, commandTimeout: 0);
    }

    private static string Free(string wanted, HashSet<string> taken, Dictionary<string, int> next)
    {
        var id = wanted;
        while (!taken.Add(id))
        {
            var number = next.GetValueOrDefault(wanted, 2);
            next[wanted] = number + 1;
            id = $"{wanted}-{number}";
        }
        return id;
    }
}
