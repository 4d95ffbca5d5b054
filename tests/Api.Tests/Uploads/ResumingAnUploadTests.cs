using System.Net;

namespace Leaderboard.Api.Tests.Uploads;

public sealed class ResumingAnUploadTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_in_three_requests_becomes_a_checkpoint_with_the_last()
    {
        using var user = await api.CreateUserAsync("tus-three");
        var file = Samples.Checkpoint(300_000, seed: 31);
        var sha256 = Samples.Sha256Of(file);
        var metadata = $"filename {TusRequests.Base64("модель.safetensors")},sha256 {TusRequests.Base64(sha256)},is_final";
        var address = await user.CreateUploadAsync(file.Length, metadata);

        foreach (var (from, to) in new[] { (0, 5), (5, 200_000) })
        {
            using var appended = await user.AppendAsync(address, from, file[from..to]);
            Assert.Equal(HttpStatusCode.NoContent, appended.StatusCode);
            Assert.Equal($"{to}", appended.Field("Upload-Offset"));
            Assert.NotNull(appended.Field("Upload-Expires"));
            Assert.Null(appended.Field("Checkpoint-Sha256"));
            Assert.Equal(to, await user.OffsetAsync(address));
        }
        await user.ShouldRefuseAsync($"/api/v1/checkpoints/{sha256}", null, 404, "checkpoint_unknown");
        using (var last = await user.AppendAsync(address, 200_000, file[200_000..]))
        {
            Assert.Equal(HttpStatusCode.NoContent, last.StatusCode);
            Assert.Equal(sha256, last.Field("Checkpoint-Sha256"));
            Assert.Equal($"{file.Length}", last.Field("Upload-Offset"));
            Assert.Null(last.Field("Upload-Expires"));
        }

        var checkpoint = await user.GetJsonAsync($"/api/v1/checkpoints/{sha256}");
        Assert.Equal("safetensors", checkpoint.GetProperty("format").GetString());
        Assert.Equal(file.Length, checkpoint.GetProperty("size").GetInt64());
        var stored = api.StoredFiles().Single(path => path.EndsWith(sha256, StringComparison.Ordinal));
        Assert.Equal(file, await File.ReadAllBytesAsync(stored, Token));
        Assert.False(File.Exists(api.FileOf(address)));
        Assert.Equal(1, await api.ScalarAsync<int>(
            "select count(*) from hangfire.job where arguments::text like @it", new { it = $"%{sha256}%" }));

        using var head = await user.TusAsync("HEAD", address, null);
        Assert.Equal(metadata, head.Field("Upload-Metadata"));
        Assert.Equal($"{file.Length}", head.Field("Upload-Length"));
        Assert.Equal(sha256, head.Field("Checkpoint-Sha256"));
        using var again = await user.AppendAsync(address, file.Length, []);
        Assert.Equal(sha256, again.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task The_first_request_may_bring_the_whole_file()
    {
        using var user = await api.CreateUserAsync("tus-at-once");
        var file = Samples.Checkpoint();
        using var created = await user.TusAsync(
            "POST", TusRequests.Address, TusRequests.Chunk(file), ("Upload-Length", $"{file.Length}"));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal($"{file.Length}", created.Field("Upload-Offset"));
        Assert.Equal(Samples.Sha256Of(file), created.Field("Checkpoint-Sha256"));
        Assert.Equal(file.Length, await user.OffsetAsync(created.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task A_body_of_unknown_length_may_bring_the_last_byte()
    {
        using var user = await api.CreateUserAsync("tus-chunked");
        var file = Samples.Checkpoint(3_000_000, seed: 39);
        var address = await user.CreateUploadAsync(file.Length);
        using var body = new PushedContent(file);
        using var appended = await user.TusAsync("PATCH", address, body, ("Upload-Offset", "0"));
        Assert.Equal(Samples.Sha256Of(file), appended.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task Bytes_that_are_stored_already_are_stored_once()
    {
        using var first = await api.CreateUserAsync("tus-dup-first");
        using var second = await api.CreateUserAsync("tus-dup-second");
        var file = Samples.Checkpoint();
        await first.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.Created);
        foreach (var user in (HttpClient[])[first, second])
        {
            var address = await user.CreateUploadAsync(file.Length);
            using var appended = await user.AppendAsync(address, 0, file);
            Assert.Equal(Samples.Sha256Of(file), appended.Field("Checkpoint-Sha256"));
            Assert.False(File.Exists(api.FileOf(address)));
            await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.OK);
        }
        Assert.Single(api.StoredFiles(), path => path.EndsWith(Samples.Sha256Of(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_requests_at_once_one_wins_whichever_server_they_reach()
    {
        using var user = await api.CreateUserAsync("tus-two");
        await using var replica = await api.StartReplicaAsync();
        using var elsewhere = replica.ClientWith(user.DefaultRequestHeaders.Authorization!.Parameter);
        var file = Samples.Checkpoint(200_000, seed: 33);
        var address = await user.CreateUploadAsync(file.Length);
        using var connection = new RawConnection(api.Address);
        await connection.SendAppendHeadAsync(user, address, $"Content-Length: {file.Length}", "Expect: 100-continue");
        Assert.StartsWith("HTTP/1.1 100", await connection.ReadHeadAsync(), StringComparison.Ordinal);

        foreach (var client in (HttpClient[])[user, elsewhere])
        {
            using var refused = await client.AppendAsync(address, 0, file);
            await refused.ShouldBeProblemAsync(423, "upload_locked");
        }
        await connection.SendAsync(file);
        Assert.Contains($"Checkpoint-Sha256: {Samples.Sha256Of(file)}", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        using var late = await elsewhere.AppendAsync(address, 0, file);
        await late.ShouldBeProblemAsync(409, "upload_offset_mismatch");
    }

    [Fact]
    public async Task Racing_requests_never_mix_their_bytes()
    {
        using var user = await api.CreateUserAsync("tus-race");
        await using var replica = await api.StartReplicaAsync();
        using var elsewhere = replica.ClientWith(user.DefaultRequestHeaders.Authorization!.Parameter);
        var file = Samples.Checkpoint(2_000_000, seed: 34);
        var address = await user.CreateUploadAsync(file.Length);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => (i % 2 == 0 ? user : elsewhere).AppendAsync(address, 0, file)));
        Assert.Single(answers, answer => answer.Field("Checkpoint-Sha256") == Samples.Sha256Of(file));
        foreach (var refused in answers.Where(answer => !answer.IsSuccessStatusCode))
        {
            Assert.Contains((int)refused.StatusCode, new[] { 409, 423 });
        }
        Assert.Equal(1, answers.Count(answer => answer.IsSuccessStatusCode));
    }

    [Fact]
    public async Task A_terminated_upload_is_gone_and_whoever_still_writes_to_it_is_told()
    {
        using var user = await api.CreateUserAsync("tus-terminated");
        var file = Samples.Checkpoint(200_000, seed: 38);
        var address = await user.CreateUploadAsync(file.Length);
        using var connection = new RawConnection(api.Address);
        await connection.SendAppendHeadAsync(user, address, $"Content-Length: {file.Length}", "Expect: 100-continue");
        await connection.ReadHeadAsync();
        using (var terminated = await user.TusAsync("DELETE", address, null))
        {
            Assert.Equal(HttpStatusCode.NoContent, terminated.StatusCode);
        }
        Assert.False(File.Exists(api.FileOf(address)));
        await connection.SendAsync(file);
        Assert.StartsWith("HTTP/1.1 410", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        foreach (var method in (string[])["HEAD", "DELETE"])
        {
            using var gone = await user.TusAsync(method, address, null);
            Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        }
        using var appended = await user.AppendAsync(address, 0, file);
        await appended.ShouldBeProblemAsync(410, "upload_gone");
        await user.ShouldRefuseAsync($"/api/v1/checkpoints/{Samples.Sha256Of(file)}", null, 404, "checkpoint_unknown");
    }

    [Fact]
    public async Task Nobody_but_its_owner_sees_an_upload()
    {
        using var owner = await api.CreateUserAsync("tus-owner");
        var address = await owner.CreateUploadAsync(100);
        using var stranger = await api.CreateUserAsync("tus-stranger");
        foreach (var client in (HttpClient[])[stranger, api.Admin])
        {
            using var head = await client.TusAsync("HEAD", address, null);
            Assert.Equal(HttpStatusCode.NotFound, head.StatusCode);
            using var appended = await client.AppendAsync(address, 0, [1]);
            await appended.ShouldBeProblemAsync(404, "upload_unknown");
            using var terminated = await client.TusAsync("DELETE", address, null);
            await terminated.ShouldBeProblemAsync(404, "upload_unknown");
        }
        Assert.Equal(0, await owner.OffsetAsync(address));
    }
}
