using Dapper;
using Leaderboard.Evaluator.Worker;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class TakingBackEvaluationsTests
{
    private const string Expire = "update evaluations set lease_expires_at = now() - interval '1 minute' where parent_id = @Id";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_that_another_has_locked_is_waited_for_by_nobody()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 3);
        var realms = await evaluation.ClaimAllAsync();
        await evaluation.QueryAsync<int>(Expire);
        await using (var worker = await evaluation.Db.OpenConnectionAsync(Token))
        await using (var transaction = await worker.BeginTransactionAsync(Token))
        {
            await worker.ExecuteAsync("select id from evaluations where id = @Id for update", realms[1], transaction);

            Assert.Equal(2, await evaluation.Db.TakeBackLostAsync(Token));

            Assert.Equal(["queued", "running", "queued"], await StatesAsync(evaluation));
        }
        Assert.Equal(1, await evaluation.Db.TakeBackLostAsync(Token));
        Assert.Equal(["queued", "queued", "queued"], await StatesAsync(evaluation));
    }

    [Fact]
    public async Task Sweeps_and_workers_that_come_back_at_a_time_end_without_a_deadlock()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 40);
        for (var round = 0; round < 3; round++)
        {
            var realms = await evaluation.ClaimAllAsync();
            await evaluation.QueryAsync<int>(Expire);

            var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () => i == 3
                ? await RenewAllAsync(evaluation)
                : await evaluation.Db.TakeBackLostAsync(Token))));

            Assert.All(taken, count => Assert.InRange(count, 0, realms.Count));
            await evaluation.QueryAsync<int>(Expire);
            await evaluation.Db.TakeBackLostAsync(Token);
            Assert.DoesNotContain("running", await StatesAsync(evaluation));
            await evaluation.QueryAsync<int>("update evaluations set attempts = 0 where parent_id = @Id");
        }
    }

    [Fact]
    public async Task A_worker_that_is_lost_a_third_time_is_the_last()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 1);
        for (var run = 0; run < EvaluationLifecycle.MaxAttempts; run++)
        {
            await evaluation.ClaimAllAsync();
            await evaluation.QueryAsync<int>(Expire);
            Assert.Equal(1, await evaluation.Db.TakeBackLostAsync(Token));
        }

        Assert.Equal(["failed"], await StatesAsync(evaluation));
        Assert.Equal(
            ["worker_lost: Its worker was lost 3 times while running it."],
            await evaluation.QueryAsync<string>(
                "select failure_code || ': ' || failure_message from evaluations where parent_id = @Id"));
    }

    // All leases at once, in an order of its own.
    private static async Task<int> RenewAllAsync(RealmsOfAnEvaluation evaluation)
    {
        await using var connection = await evaluation.Db.OpenConnectionAsync(Token);
        return await connection.ExecuteAsync(
            """
            with mine as (select id from evaluations where parent_id = @Id order by md5(id::text))
            update evaluations e set done = done + 1 from mine where mine.id = e.id and e.state = 'running'
            """,
            new { evaluation.Id });
    }

    private static Task<IReadOnlyList<string>> StatesAsync(RealmsOfAnEvaluation evaluation) =>
        evaluation.QueryAsync<string>("select state from evaluations where parent_id = @Id order by realm_ordinal");
}
