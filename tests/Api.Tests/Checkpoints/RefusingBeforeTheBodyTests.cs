using System.Net;

namespace Leaderboard.Api.Tests.Checkpoints;

/// <summary>With <c>Expect: 100-continue</c>, a client sends its gigabytes when it is told to.</summary>
public sealed class RefusingBeforeTheBodyTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string OverTheLimit = "9000000000";

    public static TheoryData<string, string, string> Known => new()
    {
        { "", "Content-Length: 1000", "401" },
        { "Authorization: Bearer lb_wrong", "Content-Length: 1000", "401" },
        { "key", $"Content-Length: {OverTheLimit}", "413" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public async Task A_checkpoint_is_refused_before_it_is_sent(string key, string length, string status) =>
        await ShouldRefuseAsync(
            status, "POST /api/v1/checkpoints HTTP/1.1", key, "Content-Type: application/octet-stream", length);

    [Theory]
    [MemberData(nameof(Known))]
    public async Task A_submission_is_refused_before_it_is_sent(string key, string length, string status) =>
        await ShouldRefuseAsync(
            status, "POST /api/v1/submissions HTTP/1.1", key, "Content-Type: multipart/form-data; boundary=b", length);

    [Theory]
    [MemberData(nameof(Known))]
    public async Task An_upload_is_refused_before_it_is_sent(string key, string length, string status) =>
        await ShouldRefuseAsync(
            status, "POST /api/v1/uploads HTTP/1.1", key, "Tus-Resumable: 1.0.0",
            "Content-Type: application/offset+octet-stream", $"Upload-{length[8..]}", length);

    [Theory]
    [InlineData("Repr-Digest: nonsense", "400")]
    [InlineData("Content-Encoding: gzip", "415")]
    [InlineData("Idempotency-Key: two words", "400")]
    public async Task So_is_what_the_fields_alone_make_impossible(string field, string status) =>
        await ShouldRefuseAsync(
            status, "POST /api/v1/checkpoints HTTP/1.1", "key", "Content-Type: application/octet-stream",
            "Content-Length: 1000", field);

    [Theory]
    [InlineData("Upload-Offset: 5", "409")]
    [InlineData("Upload-Offset: 0", "413")]
    public async Task So_are_bytes_that_do_not_fit_their_upload(string offset, string status)
    {
        using var created = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads")
        {
            Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", "100" } },
        };
        using var answer = await api.Admin.SendAsync(created, TestContext.Current.CancellationToken);
        await ShouldRefuseAsync(
            status, $"PATCH {answer.Headers.Location} HTTP/1.1", "key", "Tus-Resumable: 1.0.0", offset,
            "Content-Type: application/offset+octet-stream", "Content-Length: 1000");
    }

    [Fact]
    public async Task What_may_be_taken_is_asked_for_and_the_connection_stays()
    {
        using var connection = new RawConnection(api.Address);
        for (var round = 0; round < 2; round++)
        {
            var file = Samples.Checkpoint();
            await connection.SendHeadAsync(
                "POST /api/v1/checkpoints HTTP/1.1", "Host: x", $"Authorization: Bearer {api.AdminKey}",
                $"Content-Length: {file.Length}", "Expect: 100-continue");
            Assert.StartsWith("HTTP/1.1 100 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
            await connection.SendAsync(file);
            var head = await connection.ReadHeadAsync();
            Assert.StartsWith("HTTP/1.1 201 ", head, StringComparison.Ordinal);
            Assert.DoesNotContain("Connection: close", head, StringComparison.Ordinal);
            await connection.ReadChunkedAsync();
        }
    }

    [Fact]
    public async Task A_client_gets_the_refusal_of_a_body_that_it_never_sends()
    {
        using var user = await api.CreateUserAsync("expect-client");
        var sent = 0;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkpoints")
        {
            Content = new StreamContent(new ZeroFile(ApiFactory.MaxCheckpointBytes + 1L, _ => sent++)),
        };
        request.Headers.ExpectContinue = true;
        using (var refused = await user.SendAsync(request, TestContext.Current.CancellationToken))
        {
            await refused.ShouldBeProblemAsync(413, "checkpoint_too_large");
        }
        Assert.Equal(0, sent);
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(Samples.Checkpoint()), HttpStatusCode.Created);
    }

    // The server says that it will close: what the client sends next, if it does, is taken for no request.
    private async Task ShouldRefuseAsync(string status, params string[] lines)
    {
        using var connection = new RawConnection(api.Address);
        await connection.SendHeadAsync(
            [
                .. lines.Select(line => line == "key" ? $"Authorization: Bearer {api.AdminKey}" : line),
                "Host: x", "Expect: 100-continue",
            ]);
        var head = await connection.ReadHeadAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparison.Ordinal);
        Assert.Contains("\"code\"", await connection.ReadChunkedAsync(), StringComparison.Ordinal);
    }
}
