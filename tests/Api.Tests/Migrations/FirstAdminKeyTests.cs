namespace Leaderboard.Api.Tests.Migrations;

/// <summary>The file of the first admin key, and <c>Api key create</c>.</summary>
public sealed class FirstAdminKeyTests : OnAnEmptyDatabase
{
    [Fact]
    public async Task A_lost_key_file_is_told_and_a_new_key_can_be_made()
    {
        await MigrateAsync();
        File.Delete(KeyFile);
        Assert.Contains("key create", (await RunAsync("migrate")).Output);
        var (exitCode, key) = await RunAsync("key", "create", "--user", "ann", "--name", "laptop", "--scope", "submit");
        Assert.Equal(0, exitCode);
        Assert.Matches("^lb_[A-Za-z0-9_-]{43}\n$", key);
        Assert.Equal("ann {submit}", await ScalarAsync(
            "select u.name || ' ' || k.scopes::text from api_keys k join users u on u.id = k.user_id where k.name = 'laptop'"));
        Assert.Equal(2, (await RunAsync("key", "create", "--user", "ann", "--name", "x", "--scope", "root")).ExitCode);
        Assert.Equal(2, (await RunAsync("key", "create", "--user")).ExitCode);
    }

    [Fact]
    public async Task A_key_file_of_another_database_is_replaced_or_told()
    {
        await File.WriteAllTextAsync(KeyFile, "lb_stale\n", Token);
        await MigrateAsync();
        var key = await File.ReadAllTextAsync(KeyFile, Token);
        Assert.NotEqual("lb_stale\n", key);
        Assert.DoesNotContain("key create", (await RunAsync("migrate")).Output);

        await File.WriteAllTextAsync(KeyFile, "lb_stale\n", Token);
        var (exitCode, output) = await RunAsync("migrate");
        Assert.Equal(0, exitCode);
        Assert.Contains("opens nothing", output);
        Assert.Contains("key create", output);
        Assert.Equal("lb_stale\n", await File.ReadAllTextAsync(KeyFile, Token));

        await File.WriteAllTextAsync(KeyFile, key, Token);
        foreach (var end in (string[])
            [
                "update api_keys set revoked_at = now()", "update api_keys set expires_at = now()",
                "update users set disabled_at = now()",
            ])
        {
            await ScalarAsync(end);
            await MigrateAsync();
            Assert.NotEqual(key, key = await File.ReadAllTextAsync(KeyFile, Token));
            Assert.DoesNotContain("key create", (await RunAsync("migrate")).Output);
        }
    }
}
