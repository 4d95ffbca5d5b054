using System.Net;
using Leaderboard.Shared.Hosting;
using Npgsql;

namespace Leaderboard.Api.Tests.Operating;

public sealed class WithoutADatabaseTests(WithoutADatabaseTests.Api api) : IClassFixture<WithoutADatabaseTests.Api>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings =>
            [$"--ConnectionStrings:Leaderboard={ConnectionString};Maximum Pool Size=3;Timeout=1"];
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_a_connection_is_told_to_come_again()
    {
        await using var connection = await api.Rows.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await using var block = new NpgsqlCommand("lock table submissions in access exclusive mode", connection, transaction);
        await block.ExecuteNonQueryAsync(Token);
        var waiting = Enumerable.Range(0, 8).Select(_ => api.Anonymous.GetAsync("/api/v1/submissions", Token)).ToList();
        var refused = await await Task.WhenAny(waiting);
        await transaction.RollbackAsync(Token);

        await refused.ShouldBeProblemAsync(503, "database_unavailable");
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        foreach (var answer in await Task.WhenAll(waiting))
        {
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
            answer.Dispose();
        }
        await api.Anonymous.GetJsonAsync("/api/v1/submissions");
    }

    [Theory]
    [InlineData("Host=h", 50)]
    [InlineData("Host=h;Maximum Pool Size=100", 100)]
    [InlineData("Host=h;MaxPoolSize=7", 7)]
    [InlineData("Host=h;Minimum Pool Size=60", 60)]
    public void A_pool_is_as_large_as_its_string_says_or_small(string text, int size) =>
        Assert.Equal(size, new NpgsqlConnectionStringBuilder(Database.Complete(text, connections: 50)).MaxPoolSize);
}

/// <summary>A server that has no connection left for anybody but superusers.</summary>
public sealed class WithoutAConnectionLeftTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_request_is_told_to_come_again()
    {
        await api.ExecuteAsync("""
            do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$
            """);
        await api.ExecuteAsync("""
            select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
            """);
        await api.Anonymous.ShouldRefuseAsync("/api/v1/submissions", null, 503, "database_unavailable");
        await api.Admin.ShouldRefuseAsync("/api/v1/submissions", null, 503, "database_unavailable");
    }
}
