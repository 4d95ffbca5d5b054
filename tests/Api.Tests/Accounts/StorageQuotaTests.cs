using System.Net;
using System.Net.Sockets;
using System.Text;
using static Leaderboard.Api.Tests.Accounts.QuotaRequests;

namespace Leaderboard.Api.Tests.Accounts;

/// <summary>How much a user may store.</summary>
public sealed class StorageQuotaTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_stored_has_a_limit_also_when_uploads_race()
    {
        using var user = await api.CreateUserAsync("storing");
        var files = Enumerable.Range(0, 10).Select(_ => Samples.Checkpoint(40_000, Random())).ToList();
        await api.SetAsync("storing", new { stored_bytes = 3 * files[0].Length + 1000 });
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(files[0]), HttpStatusCode.Created);

        var answers = await Task.WhenAll(files.Skip(1).Select(
            // Without a length, nothing is known before the body is there.
            file => user.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkpoints")
            {
                Content = Samples.File(file),
                Headers = { TransferEncodingChunked = true },
            }, Token)));
        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            var problem = await refused.ShouldBeProblemAsync(413, "storage_quota_exceeded");
            Assert.Equal("stored_bytes", problem.GetProperty("quota").GetProperty("name").GetString());
        }
        // What the user has already takes no further room, where it is told beforehand that it is that.
        using var again = new HttpRequestMessage(HttpMethod.Post, "/api/v1/checkpoints") { Content = Samples.File(files[0]) };
        again.Headers.Add(
            "Repr-Digest", $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(Samples.Sha256Of(files[0])))}:");
        using var known = await user.SendAsync(again, Token);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal(3 * files[0].Length, (await user.GetJsonAsync("/api/v1/me"))
            .GetProperty("quotas").GetProperty("stored_bytes").GetProperty("used").GetInt64());
    }

    [Fact]
    public async Task A_submission_over_the_storage_quota_leaves_nothing()
    {
        await api.CreateBenchmarkAsync("too-much");
        using var user = await api.CreateUserAsync("too-much");
        await api.SetAsync("too-much", new { stored_bytes = 100 });
        var checkpoint = Samples.Checkpoint(4000, Random());
        using var form = Samples.Form(Samples.Submission("too-much"), checkpoint);
        using var response = await user.PostAsync("/api/v1/submissions", form, Token);
        await response.ShouldBeProblemAsync(413, "storage_quota_exceeded");
        Assert.DoesNotContain(api.StoredFiles(), file => file.Contains(Samples.Sha256Of(checkpoint), StringComparison.Ordinal));
        Assert.Equal(0, await api.ScalarAsync<int>(
            "select count(*) from submissions s join users u on u.id = s.user_id where u.name = 'too-much'"));
    }

    [Theory]
    [InlineData("checkpoints", "application/octet-stream", "413")]
    [InlineData("submissions", "multipart/form-data; boundary=x", "413")]
    [InlineData("submissions", "multipart/form-data; boundary=x", "429")]
    public async Task An_upload_that_does_not_fit_is_refused_before_it_is_sent(string path, string type, string status)
    {
        using var user = await api.CreateUserAsync("early");
        await api.SetAsync("early", status == "413" ? new { stored_bytes = 1_000_000 } : new { submissions_per_day = 0 });
        var head = $"POST /api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {user.DefaultRequestHeaders.Authorization}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: 300000000\r\nExpect: 100-continue\r\n\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync(api.Address.Host, api.Address.Port, Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Token);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_filled_the_storage_may_be_sent_again()
    {
        await api.CreateBenchmarkAsync("full");
        using var user = await api.CreateUserAsync("full");
        var file = Samples.Checkpoint(3_000_000, Random());
        await api.SetAsync("full", new { stored_bytes = file.Length });
        user.DefaultRequestHeaders.Add("Idempotency-Key", "filling");
        var first = await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.Created);
        var again = await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.Created);
        Assert.Equal(first.ToString(), again.ToString());

        user.DefaultRequestHeaders.Remove("Idempotency-Key");
        await user.PostJsonAsync("/api/v1/checkpoints", Samples.File(file), HttpStatusCode.OK);
        await ApiFactory.SubmitAsync(user, Samples.Submission("full"), file);
        using var other = await user.PostAsync(
            "/api/v1/checkpoints", Samples.File(Samples.Checkpoint(3_000_000, Random())), Token);
        await other.ShouldBeProblemAsync(413, "storage_quota_exceeded");
    }
}
