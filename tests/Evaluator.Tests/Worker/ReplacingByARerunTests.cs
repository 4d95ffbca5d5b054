using Dapper;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class ReplacingByARerunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_old_row_stays_on_the_board_until_the_rerun_has_succeeded()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 2);
        await EndAsync(evaluation, correct: 5);
        var first = evaluation.Id;

        await evaluation.RerunAsync();
        var realms = await evaluation.ClaimAllAsync();
        Assert.All(realms, realm => Assert.True(realm.IsRerun));
        await evaluation.RecordAsync(realms[0], 7);
        Assert.Equal([first], await RankedAsync(evaluation));

        await evaluation.RecordAsync(realms[1], 7);
        Assert.Equal([evaluation.Id], await RankedAsync(evaluation));
        // Kept, and withdrawn at the very instant from which the other counts.
        Assert.Equal(
            [4L], await evaluation.QueryAsync<long>("""
                select count(*) from results old join results new on new.recorded_at = old.withdrawn_at
                where new.evaluation_id = @Id and new.withdrawn_at is null
                """));
    }

    [Fact]
    public async Task A_rerun_that_fails_leaves_the_old_row()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 2);
        await EndAsync(evaluation, correct: 5);
        var first = evaluation.Id;

        await evaluation.RerunAsync();
        var realms = await evaluation.ClaimAllAsync();
        await evaluation.Db.FailAsync(realms[0], FailureCodes.TensorsMismatch, "They do not fit.");

        Assert.Equal("failed", await evaluation.StateAsync());
        Assert.Equal([first], await RankedAsync(evaluation));
    }

    [Fact]
    public async Task A_rerun_of_an_old_run_replaces_the_newest()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 1);
        await EndAsync(evaluation, correct: 5);
        var first = evaluation.Id;
        await evaluation.RerunAsync();
        await EndAsync(evaluation, correct: 6);

        await evaluation.RerunAsync(first);
        await EndAsync(evaluation, correct: 7);

        Assert.Equal([evaluation.Id], await RankedAsync(evaluation));
        Assert.Equal([6L], await evaluation.QueryAsync<long>("select count(*) from results"));
    }

    [Fact]
    public async Task A_rerun_of_what_a_moderator_withdrew_waits_and_takes_the_place_of_what_waits()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 1);
        await EndAsync(evaluation, correct: 5);
        // Of its two metrics, one.
        await evaluation.QueryAsync<Guid>("""
            update results set withdrawn_at = clock_timestamp(), overruled = true
            where id = (select id from results order by metric limit 1) returning id
            """);
        for (var times = 0; times < 2; times++)
        {
            await evaluation.RerunAsync();
            await EndAsync(evaluation, correct: 6);
        }

        Assert.Equal(["pending", "accepted"], await evaluation.QueryAsync<string>(
            "select moderation from results where evaluation_id = @Id order by metric"));
        Assert.Equal([evaluation.Id], await RankedAsync(evaluation));
        Assert.Equal([1L], await evaluation.QueryAsync<long>(
            "select count(*) from results where upper_inf(shown)"));
    }

    [Fact]
    public async Task What_was_made_private_meanwhile_is_recorded_as_private()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 1);
        var realms = await evaluation.ClaimAllAsync();
        await using var connection = await evaluation.Db.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token);
        await connection.ExecuteAsync("update submissions set visibility = 'private'", transaction: transaction);

        var recording = evaluation.RecordAsync(realms[0], 5);
        await evaluation.UntilAsync("""
            select exists (
                select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database())
            """);
        await transaction.CommitAsync(Token);

        Assert.True(await recording);
        Assert.Equal([false], await evaluation.QueryAsync<bool>("select distinct is_public from results"));
    }

    private static async Task EndAsync(RealmsOfAnEvaluation evaluation, int correct)
    {
        foreach (var realm in await evaluation.ClaimAllAsync())
        {
            Assert.True(await evaluation.RecordAsync(realm, correct));
        }
    }

    private static Task<IReadOnlyList<Guid>> RankedAsync(RealmsOfAnEvaluation evaluation) =>
        evaluation.QueryAsync<Guid>("select distinct evaluation_id from results where withdrawn_at is null");
}
