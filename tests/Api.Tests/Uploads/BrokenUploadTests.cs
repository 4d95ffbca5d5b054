using static Leaderboard.Api.Tests.Uploads.UploadRequests;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>Uploads whose connection, server, disk or database breaks.</summary>
public sealed class BrokenUploadTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_before_the_connection_broke_is_kept()
    {
        using var user = await api.CreateUserAsync("tus-broken");
        var file = Samples.Checkpoint(3_000_000, seed: 32);
        var address = await user.CreateUploadAsync(file.Length);
        using (var connection = new RawConnection(api.Address))
        {
            await connection.SendAppendHeadAsync(user, address, $"Content-Length: {file.Length}");
            await connection.SendAsync(file[..2_000_000]);
            await Poll.UntilAsync(() => new FileInfo(api.FileOf(address)) is { Exists: true, Length: >= 1_000_000 });
            connection.Break();
        }
        var offset = 0L;
        await Poll.UntilAsync(async () => (offset = await user.OffsetAsync(address)) > 0);
        Assert.InRange(offset, 1_000_000, 2_000_000);
        using var rest = await AppendOnceUnlockedAsync(user, address, offset, file[(int)offset..]);
        Assert.Equal(Samples.Sha256Of(file), rest.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task A_server_that_died_frees_its_upload_and_loses_only_what_it_had_not_counted()
    {
        using var user = await api.CreateUserAsync("tus-died");
        var file = Samples.Checkpoint(100_000, seed: 35);
        var address = await user.CreateUploadAsync(file.Length);
        using (await user.AppendAsync(address, 0, file[..40_000]))
        {
        }
        // Written and not counted: what a server leaves that is killed.
        await File.AppendAllTextAsync(api.FileOf(address), "garbage", Token);
        await Hold("1 hour");
        using (var held = await user.AppendAsync(address, 40_000, file[40_000..]))
        {
            await held.ShouldBeProblemAsync(423, "upload_locked");
        }
        await Hold("-1 second");
        await using var replica = await api.StartReplicaAsync();
        using var elsewhere = replica.ClientWith(user.DefaultRequestHeaders.Authorization!.Parameter);
        using var rest = await elsewhere.AppendAsync(address, 40_000, file[40_000..]);
        Assert.Equal(Samples.Sha256Of(file), rest.Field("Checkpoint-Sha256"));

        Task Hold(string time) => api.ExecuteAsync(
            "update uploads set holder = gen_random_uuid(), held_until = now() + @time::interval where id = @id",
            new { time, id = Guid.Parse(address.Split('/')[^1]) });
    }

    [Fact]
    public async Task A_server_that_stops_keeps_what_came_and_says_so()
    {
        using var user = await api.CreateUserAsync("tus-stopping");
        var file = Samples.Checkpoint(3_000_000, seed: 40);
        var address = await user.CreateUploadAsync(file.Length);
        var replica = await api.StartReplicaAsync();
        using var connection = new RawConnection(replica.Admin.BaseAddress!);
        await connection.SendAppendHeadAsync(user, address, $"Content-Length: {file.Length}");
        await connection.SendAsync(file[..2_000_000]);
        await Poll.UntilAsync(() => new FileInfo(api.FileOf(address)) is { Exists: true, Length: >= 1_000_000 });
        await replica.DisposeAsync();
        var head = await connection.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head);

        var offset = await user.OffsetAsync(address);
        Assert.InRange(offset, 1_000_000, 2_000_000);
        using var rest = await user.AppendAsync(address, offset, file[(int)offset..]);
        Assert.Equal(Samples.Sha256Of(file), rest.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task Bytes_that_the_disk_has_lost_are_asked_for_again()
    {
        using var user = await api.CreateUserAsync("tus-lost");
        var file = Samples.Checkpoint(100_000, seed: 36);
        var address = await user.CreateUploadAsync(file.Length);
        using (await user.AppendAsync(address, 0, file[..40_000]))
        {
        }
        await using (var shorter = File.OpenWrite(api.FileOf(address)))
        {
            shorter.SetLength(30_000);
        }
        using (var refused = await user.AppendAsync(address, 40_000, file[40_000..]))
        {
            await refused.ShouldBeProblemAsync(409, "upload_offset_mismatch");
        }
        Assert.Equal(30_000, await user.OffsetAsync(address));
        using var rest = await user.AppendAsync(address, 30_000, file[30_000..]);
        Assert.Equal(Samples.Sha256Of(file), rest.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task An_upload_that_cannot_be_recorded_is_not_lost()
    {
        using var user = await api.CreateUserAsync("tus-unrecorded");
        var file = Samples.Checkpoint(100_000, seed: 37);
        var address = await user.CreateUploadAsync(file.Length);
        await api.ExecuteAsync("""
            create or replace function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end';
            create constraint trigger refuses after insert on checkpoints deferrable initially deferred
            for each row execute function refuse()
            """);
        using (var refused = await user.AppendAsync(address, 0, file))
        {
            await refused.ShouldBeProblemAsync(500, "internal_error");
        }
        await api.ExecuteAsync("drop trigger refuses on checkpoints");
        var offset = await user.OffsetAsync(address);
        Assert.Equal(file.Length - 1, offset);
        using var last = await user.AppendAsync(address, offset, file[^1..]);
        Assert.Equal(Samples.Sha256Of(file), last.Field("Checkpoint-Sha256"));
    }
}
