using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class AveragingRealmsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_average_is_recorded_once_however_many_realms_end_at_a_time()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 9);
            var realms = await evaluation.ClaimAllAsync();
            Assert.Equal("running", await evaluation.StateAsync());

            var recorded = await Task.WhenAll(realms.Select((realm, i) => Task.Run(() => evaluation.RecordAsync(realm, i + 1))));

            Assert.All(recorded, Assert.True);
            Assert.Equal("succeeded", await evaluation.StateAsync());
            Assert.Equal(
                [0.5, 1],
                await evaluation.QueryAsync<double>("select value from scores where evaluation_id = @Id order by metric"));
            Assert.Equal(
                [0.5, 1], await evaluation.QueryAsync<double>("select value from results order by metric"));
            Assert.Equal([90], await evaluation.QueryAsync<int>("select done from evaluations where id = @Id"));
            Assert.Equal(["val"], await evaluation.QueryAsync<string>("select distinct split from results"));
        }
    }

    [Fact]
    public async Task A_missing_realm_leaves_no_average_and_the_others_their_scores()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 3);
        var realms = await evaluation.ClaimAllAsync();

        await evaluation.Db.FailAsync(realms[1], FailureCodes.DatasetMissing, "There is no folder.");
        Assert.Equal("running", await evaluation.StateAsync());
        await evaluation.RecordAsync(realms[0], 5);
        await evaluation.RecordAsync(realms[2], 5);

        Assert.Equal("failed", await evaluation.StateAsync());
        Assert.Equal(
            ["dataset_missing: Realm realm1: There is no folder."],
            await evaluation.QueryAsync<string>(
                "select failure_code || ': ' || failure_message from evaluations where id = @Id"));
        Assert.Empty(await evaluation.QueryAsync<Guid>("select id from results"));
        Assert.Equal(
            [2L], await evaluation.QueryAsync<long>("select count(*) from evaluations where parent_id = @Id and state = 'succeeded'"));
    }

    [Fact]
    public async Task A_fault_of_the_checkpoint_ends_all_realms_at_once()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 4);
        var realms = await evaluation.ClaimAllAsync();
        await evaluation.RecordAsync(realms[0], 5);

        await evaluation.Db.FailAsync(realms[1], FailureCodes.TensorsMismatch, "They do not fit.");

        Assert.Equal("failed", await evaluation.StateAsync());
        Assert.Equal(
            ["succeeded", "failed", "cancelled", "cancelled"],
            await evaluation.QueryAsync<string>("select state from evaluations where parent_id = @Id order by realm_ordinal"));
        Assert.False(await evaluation.RecordAsync(realms[2], 5));
        Assert.False(await evaluation.Db.RenewAsync(realms[3], 1, 10, 1, Token));
    }

    [Fact]
    public async Task A_realm_that_is_given_up_without_a_worker_is_found_by_the_sweep()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 2);
        var realms = await evaluation.ClaimAllAsync();
        await evaluation.RecordAsync(realms[0], 5);
        await evaluation.QueryAsync<int>(
            "update evaluations set state = 'failed', failure_code = 'worker_lost', failure_message = 'lost' where realm = 'realm1'");
        Assert.Equal("running", await evaluation.StateAsync());

        await evaluation.Db.SettleAllAsync(Token);

        Assert.Equal("failed", await evaluation.StateAsync());
    }

    [Fact]
    public async Task An_average_with_an_incomplete_realm_is_partial()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 2);
        var realms = await evaluation.ClaimAllAsync();

        await evaluation.RecordAsync(realms[0], 5, isPartial: true);
        await evaluation.RecordAsync(realms[1], 5);

        Assert.Equal([true], await evaluation.QueryAsync<bool>("select distinct partial from results"));
        Assert.Equal([true], await evaluation.QueryAsync<bool>("select distinct partial from scores where evaluation_id = @Id"));
    }

    // As the Api cancels: the whole is locked first, by all.
    private const string Cancel = """
        select 1 from evaluations where id = @Id for update;
        update evaluations set state = 'cancelled', finished_at = now(), worker = null, lease_expires_at = null
        where parent_id = @Id and state in ('queued', 'running');
        update evaluations set state = 'cancelled', finished_at = now()
        where id = @Id and state in ('queued', 'running')
        """;

    [Fact]
    public async Task Of_cancelling_and_ending_at_once_exactly_one_happens()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 6);
            var realms = await evaluation.ClaimAllAsync();

            var recording = Task.WhenAll(realms.Select(realm => Task.Run(() => evaluation.RecordAsync(realm, 5))));
            await Task.WhenAll(recording, Task.Run(() => evaluation.QueryAsync<int>(Cancel)));

            var ended = await evaluation.StateAsync();
            Assert.Equal((await recording).All(recorded => recorded) ? "succeeded" : "cancelled", ended);
            Assert.Equal(
                [ended == "succeeded" ? 2L : 0L], await evaluation.QueryAsync<long>("select count(*) from results"));
            Assert.Empty(await evaluation.QueryAsync<Guid>("select id from evaluations where state = 'running'"));
        }
    }

    [Fact]
    public async Task An_average_over_realms_scored_on_different_splits_is_partial_and_names_them()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 3);
        var realms = await evaluation.ClaimAllAsync();

        await evaluation.RecordAsync(realms[0], 5, split: "val");
        await evaluation.RecordAsync(realms[1], 5, split: "test");
        await evaluation.RecordAsync(realms[2], 5, split: "val");

        Assert.Equal("succeeded", await evaluation.StateAsync());
        foreach (var rows in (string[])["results", "scores where evaluation_id = @Id"])
        {
            Assert.Equal(
                ["test+val, partial: true"],
                await evaluation.QueryAsync<string>($"select distinct split || ', partial: ' || partial from {rows}"));
        }
        Assert.Equal(
            [false],
            await evaluation.QueryAsync<bool>(
                "select distinct s.partial from scores s join evaluations e on e.id = s.evaluation_id where e.parent_id = @Id"));
    }

    [Fact]
    public async Task An_evaluation_of_realms_is_never_claimed_itself()
    {
        await using var evaluation = await RealmsOfAnEvaluation.CreateAsync(count: 2);

        Assert.Null(await evaluation.Db.ClaimAsync(evaluation.Id, "worker", Token));
    }
}
