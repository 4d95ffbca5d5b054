using System.Net;
using System.Net.Http.Headers;

namespace Leaderboard.Api.Tests.Uploads;

public sealed class BadUploadTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string OverTheLimit = "400000001";

    [Theory]
    [InlineData("Upload-Length", null, 400, "request_malformed")]
    [InlineData("Upload-Length", "", 400, "request_malformed")]
    [InlineData("Upload-Length", "-1", 400, "request_malformed")]
    [InlineData("Upload-Length", "+5", 400, "request_malformed")]
    [InlineData("Upload-Length", "1e3", 400, "request_malformed")]
    [InlineData("Upload-Length", "0x10", 400, "request_malformed")]
    [InlineData("Upload-Length", "١٢", 400, "request_malformed")]
    [InlineData("Upload-Length", "0", 422, "checkpoint_empty")]
    [InlineData("Upload-Length", OverTheLimit, 413, "checkpoint_too_large")]
    [InlineData("Upload-Length", "99999999999999999999999999", 413, "checkpoint_too_large")]
    [InlineData("Upload-Defer-Length", "1", 400, "request_malformed")]
    [InlineData("Upload-Concat", "partial", 400, "request_malformed")]
    [InlineData("Tus-Resumable", null, 412, "tus_version_unsupported")]
    [InlineData("Tus-Resumable", "0.2.2", 412, "tus_version_unsupported")]
    [InlineData("Upload-Metadata", "filename !!!", 400, "request_malformed")]
    [InlineData("Upload-Metadata", "filename bQ==,filename bQ==", 400, "request_malformed")]
    [InlineData("Upload-Metadata", ",", 400, "request_malformed")]
    [InlineData("Upload-Metadata", "é bQ==", 400, "request_malformed")]
    [InlineData("Upload-Metadata", "filename bQBu", 400, "request_malformed")]   // m NUL n
    [InlineData("Upload-Metadata", "filename /w==", 400, "request_malformed")]   // no UTF-8
    [InlineData("Upload-Metadata", "sha256 bQ==", 400, "request_malformed")]
    [InlineData("Upload-Metadata", "sha256", 400, "request_malformed")]
    public async Task A_bad_beginning_is_refused_and_begins_nothing(string field, string? value, int status, string code)
    {
        using var user = await api.CreateUserAsync($"tus-bad-{Guid.NewGuid():N}");
        using var refused = await user.TusAsync(
            "POST", TusRequests.Address, null, [("Upload-Length", field == "Upload-Length" ? null : "100"), (field, value)]);
        await refused.ShouldBeProblemAsync(status, code);
        Assert.Equal("1.0.0", refused.Field("Tus-Resumable"));
        Assert.Equal(status == 412 ? "1.0.0" : null, refused.Field("Tus-Version"));
        Assert.Null(refused.Headers.Location);
    }

    [Fact]
    public async Task Metadata_that_is_too_long_is_refused()
    {
        using var refused = await api.Admin.TusAsync(
            "POST", TusRequests.Address, null,
            ("Upload-Length", "100"), ("Upload-Metadata", $"filename {TusRequests.Base64(new string('x', 4000))}"));
        await refused.ShouldBeProblemAsync(400, "request_malformed");
    }

    [Theory]
    [InlineData("Content-Type", "application/octet-stream", 415, "media_type_unsupported")]
    [InlineData("Content-Type", null, 415, "media_type_unsupported")]
    [InlineData("Upload-Offset", null, 400, "request_malformed")]
    [InlineData("Upload-Offset", "-1", 400, "request_malformed")]
    [InlineData("Upload-Offset", "one", 400, "request_malformed")]
    [InlineData("Upload-Offset", "1", 409, "upload_offset_mismatch")]
    [InlineData("Upload-Offset", "100", 409, "upload_offset_mismatch")]
    [InlineData("Upload-Offset", "99999999999999999999999999", 409, "upload_offset_mismatch")]
    [InlineData("Tus-Resumable", "2.0.0", 412, "tus_version_unsupported")]
    [InlineData("Upload-Checksum", "sha256", 400, "request_malformed")]
    [InlineData("Upload-Checksum", "sha256 AAAA", 400, "request_malformed")]
    [InlineData("Upload-Checksum", "sha256 !", 400, "request_malformed")]
    [InlineData("Upload-Checksum", "crc32 AAAA", 400, "checksum_unsupported")]
    public async Task Bad_bytes_are_refused_and_change_nothing(string field, string? value, int status, string code)
    {
        var address = await api.Admin.CreateUploadAsync(100);
        using var chunk = TusRequests.Chunk(Samples.Checkpoint()[..20]);
        if (field == "Content-Type")
        {
            chunk.Headers.ContentType = value is null ? null : MediaTypeHeaderValue.Parse(value);
        }
        (string, string?)[] fields = field switch
        {
            "Content-Type" => [("Upload-Offset", "0")],
            "Upload-Offset" => [(field, value)],
            _ => [("Upload-Offset", "0"), (field, value)],
        };
        using var refused = await api.Admin.TusAsync("PATCH", address, chunk, fields);
        await refused.ShouldBeProblemAsync(status, code);
        Assert.Equal(0, await api.Admin.OffsetAsync(address));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_bytes_than_were_announced_are_refused(bool isChunked)
    {
        var address = await api.Admin.CreateUploadAsync(50);
        var file = Samples.Checkpoint(100, seed: 41);
        using HttpContent content = isChunked ? new PushedContent(file) : TusRequests.Chunk(file);
        using var refused = await api.Admin.TusAsync("PATCH", address, content, ("Upload-Offset", "0"));
        await refused.ShouldBeProblemAsync(413, "body_too_large");
        Assert.InRange(await api.Admin.OffsetAsync(address), 0, 49);
    }

    [Fact]
    public async Task A_file_of_no_known_format_is_refused_by_its_first_bytes_and_removed()
    {
        var address = await api.Admin.CreateUploadAsync(1000);
        using (var few = await api.Admin.AppendAsync(address, 0, [.. "GIF89a"u8]))
        {
            Assert.Equal(HttpStatusCode.NoContent, few.StatusCode);
        }
        using (var refused = await api.Admin.AppendAsync(address, 6, new byte[10]))
        {
            await refused.ShouldBeProblemAsync(415, "checkpoint_unrecognised");
        }
        await ShouldBeGoneAsync(address);
    }

    [Fact]
    public async Task A_file_with_another_digest_than_announced_is_refused_and_removed()
    {
        var file = Samples.Checkpoint();
        var address = await api.Admin.CreateUploadAsync(file.Length, $"sha256 {TusRequests.Base64(new string('a', 64))}");
        using (var refused = await api.Admin.AppendAsync(address, 0, file))
        {
            await refused.ShouldBeProblemAsync(422, "digest_mismatch");
        }
        await ShouldBeGoneAsync(address);
        await api.Admin.ShouldRefuseAsync($"/api/v1/checkpoints/{Samples.Sha256Of(file)}", null, 404, "checkpoint_unknown");
    }

    [Theory]
    [InlineData("GET", 405)]
    [InlineData("PUT", 405)]
    [InlineData("POST", 405)]
    public async Task Other_methods_are_refused(string method, int status)
    {
        var address = await api.Admin.CreateUploadAsync(100);
        using var refused = await api.Admin.TusAsync(method, address, null);
        await refused.ShouldBeProblemAsync(status, "method_not_allowed");
        Assert.Equal("1.0.0", refused.Field("Tus-Resumable"));
    }

    [Fact]
    public async Task An_address_that_is_none_is_told_and_a_key_is_needed()
    {
        foreach (var id in (string[])["00000000-0000-0000-0000-000000000000", "xyz", "..%2f..%2fetc%2fpasswd"])
        {
            using var unknown = await api.Admin.AppendAsync($"{TusRequests.Address}/{id}", 0, [1]);
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }
        using var closed = await api.Anonymous.TusAsync("POST", TusRequests.Address, null, ("Upload-Length", "100"));
        await closed.ShouldBeProblemAsync(401, "unauthenticated");
        using var admin = await api.CreateUserAsync("tus-no-scope", "admin");
        using var forbidden = await admin.TusAsync("POST", TusRequests.Address, null, ("Upload-Length", "100"));
        await forbidden.ShouldBeProblemAsync(403, "scope_missing");
    }

    [Theory]
    [InlineData(TusRequests.Address)]
    [InlineData($"{TusRequests.Address}/00000000-0000-0000-0000-000000000000")]
    public async Task What_is_spoken_is_told_to_anybody(string address)
    {
        using var options = await api.Anonymous.TusAsync("OPTIONS", address, null, ("Tus-Resumable", "0.1"));
        Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
        Assert.Equal("1.0.0", options.Field("Tus-Version"));
        Assert.Equal("1.0.0", options.Field("Tus-Resumable"));
        Assert.Equal($"{ApiFactory.MaxCheckpointBytes}", options.Field("Tus-Max-Size"));
        Assert.Equal(
            "creation,creation-with-upload,checksum,checksum-trailer,expiration,termination", options.Field("Tus-Extension"));
        Assert.Equal("sha1,sha256,sha512", options.Field("Tus-Checksum-Algorithm"));
    }

    [Fact]
    public async Task The_method_may_be_named_in_a_field()
    {
        var file = Samples.Checkpoint();
        var address = await api.Admin.CreateUploadAsync(file.Length);
        using var appended = await api.Admin.TusAsync(
            "POST", address, TusRequests.Chunk(file[..10]), ("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH"));
        Assert.Equal("10", appended.Field("Upload-Offset"));
        using var head = await api.Admin.TusAsync("GET", address, null, ("X-HTTP-Method-Override", "HEAD"));
        Assert.Equal("10", head.Field("Upload-Offset"));
        using var terminated = await api.Admin.TusAsync("POST", address, null, ("X-HTTP-Method-Override", "DELETE"));
        Assert.Equal(HttpStatusCode.NoContent, terminated.StatusCode);
        // Nowhere else: an address that is safe to follow stays so.
        using var elsewhere = await api.Admin.TusAsync("GET", "/api/v1/benchmarks", null, ("X-HTTP-Method-Override", "POST"));
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
    }

    private async Task ShouldBeGoneAsync(string address)
    {
        using var head = await api.Admin.TusAsync("HEAD", address, null);
        Assert.Equal(HttpStatusCode.Gone, head.StatusCode);
        var id = Guid.Parse(address.Split('/')[^1]).ToString("N");
        Assert.DoesNotContain(api.StoredFiles(), path => path.EndsWith(id, StringComparison.Ordinal));
    }
}
