using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Leaderboard.Api.Tests.Checkpoints;

public sealed class UploadingACheckpointTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Address = "/api/v1/checkpoints";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_bytes_twice_are_one_file_and_each_owner_has_rights_to_it()
    {
        using var first = await api.CreateUserAsync("up-first");
        using var second = await api.CreateUserAsync("up-second");
        var bytes = Samples.Checkpoint();
        var sha256 = Samples.Sha256Of(bytes);

        var created = await first.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        Assert.Equal("safetensors", created.GetProperty("format").GetString());
        Assert.Equal("pending", created.GetProperty("inspection").GetString());
        Assert.Equal(bytes.Length, created.GetProperty("size").GetInt64());
        await first.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.OK);
        await second.ShouldRefuseAsync($"{Address}/{sha256}", null, 404, "checkpoint_unknown");
        await second.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        await second.GetJsonAsync($"{Address}/{sha256}");
        Assert.Single(api.StoredFiles(), file => file.EndsWith(sha256, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Many_uploads_of_the_same_bytes_at_once_are_one_file()
    {
        using var user = await api.CreateUserAsync("up-many");
        var bytes = Samples.Checkpoint(3_000_000, seed: -1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            async _ => (await user.PostAsync(Address, Samples.File(bytes), Token)).StatusCode));
        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(status => status == HttpStatusCode.OK));
        var stored = api.StoredFiles().Single(file => file.EndsWith(Samples.Sha256Of(bytes), StringComparison.Ordinal));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(stored, Token));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whether_or_not_its_length_is_announced()
    {
        using var user = await api.CreateUserAsync("up-large");
        var before = api.StoredFiles();
        using var announced = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = new StreamContent(new ZeroFile(ApiFactory.MaxCheckpointBytes + 1L)),
        };
        announced.Headers.ExpectContinue = true;
        using var refused = await user.SendAsync(announced, Token);
        await refused.ShouldBeProblemAsync(413, "checkpoint_too_large");

        using var chunked = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = new StreamContent(new ZeroFile(ApiFactory.MaxCheckpointBytes + 1L)),
        };
        chunked.Headers.TransferEncodingChunked = true;
        using var counted = await user.SendAsync(chunked, Token);
        await counted.ShouldBeProblemAsync(413, "checkpoint_too_large");
        Assert.Equal(before, api.StoredFiles());
    }

    // A deferred trigger fails the commit itself, the last that can go wrong.
    [Theory]
    [InlineData("checkpoints", "deferrable initially deferred", "checkpoints")]
    [InlineData("checkpoints", "deferrable initially deferred", "submissions")]
    [InlineData("submissions", "", "submissions")]
    public async Task What_the_database_does_not_record_leaves_no_file(string table, string when, string endpoint)
    {
        await api.Admin.PostAsync("/api/v1/benchmarks", Samples.Json(Samples.Benchmark("up-unrecorded")), Token);
        using var user = await api.CreateUserAsync($"up-unrecorded-{table}-{endpoint}");
        var bytes = Samples.Checkpoint();
        await api.ExecuteAsync($"""
            create or replace function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end';
            create constraint trigger refuses after insert on {table} {when} for each row execute function refuse()
            """);
        using (var refused = await SendAsync())
        {
            await refused.ShouldBeProblemAsync(500, "internal_error");
        }
        Assert.DoesNotContain(api.StoredFiles(), IsStored);

        await api.ExecuteAsync($"drop trigger refuses on {table}");
        using (var taken = await SendAsync())
        {
            Assert.True(taken.IsSuccessStatusCode);
        }
        Assert.Single(api.StoredFiles(), IsStored);

        async Task<HttpResponseMessage> SendAsync()
        {
            using HttpContent content = endpoint == "checkpoints"
                ? Samples.File(bytes)
                : Samples.Form(Samples.Submission("up-unrecorded"), bytes);
            return await user.PostAsync($"/api/v1/{endpoint}", content, Token);
        }

        bool IsStored(string file) => file.EndsWith(Samples.Sha256Of(bytes), StringComparison.Ordinal)
            || file.Contains("/incoming/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_commit_leaves_the_file_that_another_has_recorded()
    {
        using var first = await api.CreateUserAsync("up-kept-first");
        using var second = await api.CreateUserAsync("up-kept-second");
        var bytes = Samples.Checkpoint();
        await first.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        await api.ExecuteAsync("""
            create or replace function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end';
            create constraint trigger refuses after insert on checkpoint_owners deferrable initially deferred
            for each row execute function refuse()
            """);
        using var refused = await second.PostAsync(Address, Samples.File(bytes), Token);
        await refused.ShouldBeProblemAsync(500, "internal_error");
        await api.ExecuteAsync("drop trigger refuses on checkpoint_owners");
        Assert.Single(api.StoredFiles(), file => file.EndsWith(Samples.Sha256Of(bytes), StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_owner_does_not_see_that_somebody_else_stored_the_same_bytes_before()
    {
        using var first = await api.CreateUserAsync("up-time-first");
        using var second = await api.CreateUserAsync("up-time-second");
        var bytes = Samples.Checkpoint();
        await first.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        await api.ExecuteAsync("""
            with c as (update checkpoints set created_at = '2020-01-01Z' where sha256 = @sha256)
            update checkpoint_owners set created_at = '2020-01-01Z' where checkpoint_sha256 = @sha256
            """, new { sha256 = Samples.Sha256Of(bytes) });
        var created = await second.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        Assert.NotEqual(2020, created.GetProperty("created_at").GetDateTime().Year);
        var own = await first.GetJsonAsync($"{Address}/{Samples.Sha256Of(bytes)}");
        Assert.Equal(2020, own.GetProperty("created_at").GetDateTime().Year);
    }

    [Theory]
    [InlineData(Address, "application/octet-stream", "")]
    [InlineData(
        "/api/v1/submissions", "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"checkpoint\"; filename=\"m\"\r\n\r\n")]
    public async Task A_connection_that_breaks_half_way_leaves_no_file(string address, string type, string part)
    {
        var before = api.StoredFiles();
        using (var socket = new TcpClient(api.Address.Host, api.Address.Port))
        {
            var stream = socket.GetStream();
            var head = $"POST {address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {api.AdminKey}\r\n"
                + $"Content-Type: {type}\r\nContent-Length: 50000000\r\n\r\n{part}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), Token);
            await stream.WriteAsync(Samples.Checkpoint(5_000_000, seed: -2), Token);
            await Until(() => api.StoredFiles().Count > before.Count);
            socket.Client.Close(0);
        }
        await Until(() => api.StoredFiles().Count == before.Count);
    }

    [Fact]
    public async Task A_file_part_over_the_limit_is_refused()
    {
        await api.CreateBenchmarkAsync("up-part");
        using var user = await api.CreateUserAsync("up-part");
        var before = api.StoredFiles();
        using var form = new MultipartFormDataContent
        {
            { Samples.Json(Samples.Submission("up-part")), "submission" },
            { new StreamContent(new ZeroFile(ApiFactory.MaxCheckpointBytes + 1L)), "checkpoint", "m" },
        };
        await user.ShouldRefuseAsync("/api/v1/submissions", form, 413, "checkpoint_too_large");
        Assert.Equal(before, api.StoredFiles());
    }

    [Fact]
    public async Task The_report_is_shown_once_the_checkpoint_is_inspected()
    {
        using var user = await api.CreateUserAsync("up-report");
        var bytes = Samples.Checkpoint();
        await user.PostJsonAsync(Address, Samples.File(bytes), HttpStatusCode.Created);
        await api.InspectAsync(Samples.Sha256Of(bytes), """
            { "architecture": "resnet18", "recognition": "recognised", "parameter_count": 11689512, "class_count": 1000,
              "tensors": [ { "name": "module.fc.bias", "dtype": "float32", "shape": [1000], "loaded_as": "fc.bias" } ],
              "skipped": ["epoch"] }
            """);
        var report = (await user.GetJsonAsync($"{Address}/{Samples.Sha256Of(bytes)}")).GetProperty("report");
        Assert.Equal("fc.bias", report.GetProperty("tensors")[0].GetProperty("loaded_as").GetString());
        await api.Anonymous.ShouldRefuseAsync($"{Address}/{Samples.Sha256Of(bytes)}", null, 404, "checkpoint_unknown");
        await api.Admin.GetJsonAsync($"{Address}/{Samples.Sha256Of(bytes)}");
    }

    [Theory]
    [InlineData("..%2f..%2fetc%2fpasswd")]
    [InlineData("xyz")]
    public async Task A_name_that_is_no_digest_finds_nothing(string name) =>
        await api.Admin.ShouldRefuseAsync($"{Address}/{name}", null, 404, "checkpoint_unknown");

    private static async Task Until(Func<bool> condition)
    {
        for (var attempt = 0; !condition(); attempt++)
        {
            Assert.True(attempt < 400, "It did not come about within 20 seconds.");
            await Task.Delay(50, Token);
        }
    }
}
