using System.Diagnostics;
using Npgsql;

namespace Leaderboard.Tests.Support;

/// <summary>
/// A database of its own with an admin, cloned from one that <c>Api migrate</c> has made for the whole test process;
/// dropped at the end.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<Template>> WithoutCatalogue = new(MigrateWithoutCatalogueAsync);
    private static readonly Lazy<Task<Template>> WithCatalogue = new(() => MigrateAsync(Path.Combine(Repository.Root, "catalog")));

    private readonly string server;
    private readonly string name;

    private TestDatabase(string server, string name, string adminKey)
    {
        (this.server, this.name, AdminKey) = (server, name, adminKey);
        ConnectionString = WithDatabase(server, name);
    }

    public string ConnectionString { get; }

    /// <summary>The API key of user <c>admin</c>.</summary>
    public string AdminKey { get; }

    /// <summary>A migrated database whose catalogue is empty.</summary>
    public static async Task<TestDatabase> CreateAsync() => await CloneAsync(await WithoutCatalogue.Value);

    /// <summary>A migrated database with the project's catalogue.</summary>
    public static async Task<TestDatabase> CreateWithCatalogueAsync() => await CloneAsync(await WithCatalogue.Value);

    /// <summary>A database without a single table.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync()
    {
        var server = await PostgresServer.ConnectionStringAsync();
        var name = NewName();
        await ExecuteAsync(server, $"create database {name} template template0");
        return new TestDatabase(server, name, adminKey: "");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
        await ExecuteAsync(server, $"drop database {name} with (force)");
    }

    /// <summary>Runs the Api's own command line, as an operator would, and gives its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunApiAsync(
        string connectionString, string home, string catalogue, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [ApiAssembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__Leaderboard"] = connectionString,
                ["LEADERBOARD_HOME"] = home,
                ["LEADERBOARD_CATALOG"] = catalogue,
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The Api as it was built with these tests.</summary>
    public static string ApiAssembly { get; } = Path.Combine(
        Repository.Root, "src", "Api", "bin",
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!,
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Leaderboard.Api.dll");

    private static async Task<TestDatabase> CloneAsync(Template template)
    {
        var server = await PostgresServer.ConnectionStringAsync();
        var name = NewName();
        await ExecuteAsync(server, $"create database {name} template {template.Name}");
        return new TestDatabase(server, name, template.AdminKey);
    }

    private static async Task<Template> MigrateWithoutCatalogueAsync()
    {
        using var catalogue = new TemporaryFolder();
        foreach (var file in (string[])["tasks.json", "papers.json", "datasets.json"])
        {
            await File.WriteAllTextAsync(catalogue.At(file), "[]");
        }
        return await MigrateAsync(catalogue.Path);
    }

    private static async Task<Template> MigrateAsync(string catalogue)
    {
        var server = await PostgresServer.ConnectionStringAsync();
        var name = NewName();
        await ExecuteAsync(server, $"create database {name} template template0");
        using var home = new TemporaryFolder();
        var (exitCode, output) = await RunApiAsync(WithDatabase(server, name), home.Path, catalogue, "migrate");
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"The migration failed: {output}");
        }
        return new Template(name, (await File.ReadAllTextAsync(home.At("admin-key"))).Trim());
    }

    private static string NewName() => $"leaderboard_test_{Guid.NewGuid():N}";

    private static string WithDatabase(string server, string name) =>
        new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;

    private static async Task ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Template(string Name, string AdminKey);
}
