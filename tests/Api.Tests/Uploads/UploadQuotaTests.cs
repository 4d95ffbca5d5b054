using System.Net;

namespace Leaderboard.Api.Tests.Uploads;

public sealed class UploadQuotaTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Naming_what_is_owned_makes_room_for_nothing_else()
    {
        using var user = await api.CreateUserAsync("tus-quota");
        var file = Samples.Checkpoint(4000, seed: 2_000_001);
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.Created);
        await SetBytesAsync("tus-quota", file.Length);
        var metadata = $"sha256 {TusRequests.Base64(Samples.Sha256Of(file))}";

        using (var larger = await CreateAsync(user, file.Length + 1, metadata))
        {
            await larger.ShouldBeProblemAsync(413, "storage_quota_exceeded");
        }
        var address = await user.CreateUploadAsync(file.Length, metadata);
        using (var twice = await CreateAsync(user, file.Length, metadata))
        {
            await twice.ShouldBeProblemAsync(413, "storage_quota_exceeded");
        }
        using var appended = await user.AppendAsync(address, 0, file);
        Assert.Equal(Samples.Sha256Of(file), appended.Field("Checkpoint-Sha256"));
        await user.CreateUploadAsync(file.Length, metadata);
    }

    [Fact]
    public async Task A_creation_whose_bytes_are_refused_holds_no_room()
    {
        using var user = await api.CreateUserAsync("tus-refused");
        using var refused = await user.TusAsync(
            "POST", TusRequests.Address, TusRequests.Chunk(new byte[50]), ("Upload-Length", "5000"),
            ("Upload-Checksum", $"sha1 {Convert.ToBase64String(new byte[20])}"));
        await refused.ShouldBeProblemAsync(460, "checksum_mismatch");
        Assert.Null(refused.Headers.Location);
        Assert.Equal(0, await UsedBytesAsync(user));
    }

    [Fact]
    public async Task A_creation_that_is_refused_at_its_end_says_where_its_bytes_are()
    {
        using var user = await api.CreateUserAsync("tus-end");
        var (first, second) = (Samples.Checkpoint(4000, seed: 2_000_002), Samples.Checkpoint(4000, seed: 2_000_003));
        await SetBytesAsync("tus-end", first.Length + second.Length);
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(first), HttpStatusCode.Created);
        using var connection = new RawConnection(api.Address);
        await connection.SendHeadAsync(
            $"POST {TusRequests.Address} HTTP/1.1", "Host: x", $"Authorization: {user.DefaultRequestHeaders.Authorization}",
            "Tus-Resumable: 1.0.0", $"Upload-Length: {second.Length}", $"Content-Type: {"application/offset+octet-stream"}",
            $"Content-Length: {second.Length}", "Expect: 100-continue");
        Assert.StartsWith("HTTP/1.1 100", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        await SetBytesAsync("tus-end", 1);
        await connection.SendAsync(second);
        var head = await connection.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        var address = head.Split("\r\n").Single(line => line.StartsWith("Location: ", StringComparison.Ordinal))[10..];
        Assert.Equal(second.Length - 1, await user.OffsetAsync(address));
    }

    [Fact]
    public async Task A_creation_whose_connection_broke_holds_no_room()
    {
        using var user = await api.CreateUserAsync("tus-gone");
        using (var connection = new RawConnection(api.Address))
        {
            await connection.SendHeadAsync(
                $"POST {TusRequests.Address} HTTP/1.1", "Host: x",
                $"Authorization: {user.DefaultRequestHeaders.Authorization}", "Tus-Resumable: 1.0.0", "Upload-Length: 5000",
                "Content-Type: application/offset+octet-stream", "Content-Length: 5000");
            await connection.SendAsync(Samples.Checkpoint(4000, seed: 2_000_004)[..2000]);
            await Poll.UntilAsync(async () => await UsedBytesAsync(user) == 5000);
            connection.Break();
        }
        await Poll.UntilAsync(async () => await UsedBytesAsync(user) == 0);
    }

    [Fact]
    public async Task A_user_has_so_many_uploads_under_way_and_no_more()
    {
        using var user = await api.CreateUserAsync("tus-many");
        var answers = await Task.WhenAll(Enumerable.Range(0, 110).Select(_ => CreateAsync(user, 100, metadata: null)));
        Assert.Equal(100, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        await answers.First(answer => answer.StatusCode != HttpStatusCode.Created)
            .ShouldBeProblemAsync(409, "uploads_too_many");
        var address = answers.First(answer => answer.StatusCode == HttpStatusCode.Created).Headers.Location!.ToString();
        using var ended = await user.TusAsync("DELETE", address, null);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await user.CreateUploadAsync(100);
    }

    private static Task<HttpResponseMessage> CreateAsync(HttpClient user, long length, string? metadata) => user.TusAsync(
        "POST", TusRequests.Address, null, ("Upload-Length", $"{length}"), ("Upload-Metadata", metadata));

    private async Task SetBytesAsync(string user, long bytes)
    {
        using var set = await api.Admin.PutAsync(
            $"/api/v1/users/{user}/quota", Samples.Json(new { stored_bytes = bytes }), Token);
        await set.ReadAsync(HttpStatusCode.OK);
    }

    private static async Task<long> UsedBytesAsync(HttpClient user) => (await user.GetJsonAsync("/api/v1/me"))
        .GetProperty("quotas").GetProperty("stored_bytes").GetProperty("used").GetInt64();
}
