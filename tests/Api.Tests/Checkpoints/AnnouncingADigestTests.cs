using System.Net;
using System.Security.Cryptography;

namespace Leaderboard.Api.Tests.Checkpoints;

public sealed class AnnouncingADigestTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Address = "/api/v1/checkpoints";
    private const string OfNothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    [Theory]
    [InlineData("sha-256=:AAAA:", 400, "digest_malformed")]
    [InlineData("sha-256=abc", 400, "digest_malformed")]
    [InlineData("sha-256=:!!!:", 400, "digest_malformed")]
    [InlineData("sha-256=:", 400, "digest_malformed")]
    [InlineData("sha-512=:AAAA:", 400, "digest_malformed")]
    [InlineData($"sha-512=:{OfNothing}:", 400, "digest_malformed")]
    [InlineData($"sha-256=:{OfNothing}:, sha-256=:{OfNothing}:", 400, "digest_malformed")]
    [InlineData("nonsense", 400, "digest_malformed")]
    [InlineData("=:AAAA:", 400, "digest_malformed")]
    [InlineData($"sha-256=:{OfNothing}:", 422, "digest_mismatch")]
    [InlineData($"md5=:AAAA:,SHA-256=:{OfNothing}:", 422, "digest_mismatch")]
    [InlineData("sha-256=:{256}:, sha-512=:{other}:", 422, "digest_mismatch")]
    public async Task A_digest_that_is_wrong_or_unreadable_is_refused(string digest, int status, string code)
    {
        foreach (var field in (string[])["Repr-Digest", "Content-Digest"])
        {
            var bytes = Samples.Checkpoint();
            using var content = Samples.File(bytes);
            content.Headers.Add(field, FillIn(digest, bytes));
            await api.Admin.ShouldRefuseAsync(Address, content, status, code);
            Assert.DoesNotContain(
                api.StoredFiles(), file => file.EndsWith(Samples.Sha256Of(bytes), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("sha-256=:{256}:")]
    [InlineData("sha-512=:{512}:")]
    [InlineData("sha-512=:{512}:,sha-256=:{256}:")]
    [InlineData("unixsum=:AAAA:, sha-256=:{256}:, md5=:AAAA:")]
    [InlineData("crc32c=:AAAA:")]
    [InlineData("")]
    public async Task The_right_digest_is_accepted_and_unknown_algorithms_are_ignored(string digest)
    {
        foreach (var field in (string[])["Repr-Digest", "Content-Digest"])
        {
            var bytes = Samples.Checkpoint();
            using var content = Samples.File(bytes);
            content.Headers.Add(field, FillIn(digest, bytes));
            await api.Admin.PostJsonAsync(Address, content, HttpStatusCode.Created);
        }
    }

    [Theory]
    [InlineData("sha-256=:{256}:", "sha-512=:{512}:", HttpStatusCode.Created)]
    [InlineData("sha-256=:{256}:", "sha-256=:{256}:", HttpStatusCode.Created)]
    [InlineData("sha-256=:{256}:", "sha-512=:{other}:", HttpStatusCode.UnprocessableEntity)]
    [InlineData($"sha-256=:{OfNothing}:", "sha-256=:{256}:", HttpStatusCode.UnprocessableEntity)]
    public async Task Both_fields_are_checked(string representation, string content, HttpStatusCode status)
    {
        var bytes = Samples.Checkpoint();
        using var file = Samples.File(bytes);
        file.Headers.Add("Repr-Digest", FillIn(representation, bytes));
        file.Headers.Add("Content-Digest", FillIn(content, bytes));
        await api.Admin.PostJsonAsync(Address, file, status);
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("identity", HttpStatusCode.Created)]
    public async Task A_file_is_sent_without_a_coding(string coding, HttpStatusCode status)
    {
        using var file = Samples.File(Samples.Checkpoint());
        file.Headers.ContentEncoding.Add(coding);
        await api.Admin.PostJsonAsync(Address, file, status);
    }

    [Fact]
    public async Task In_a_form_the_json_announces_it()
    {
        await api.CreateBenchmarkAsync("digest-form");
        var bytes = Samples.Checkpoint();
        var submission = Samples.Submission("digest-form");
        submission["sha256"] = new string('a', 64);
        using (var form = Samples.Form(submission, bytes))
        {
            await api.Admin.ShouldRefuseAsync("/api/v1/submissions", form, 422, "digest_mismatch");
        }
        submission["sha256"] = Samples.Sha256Of(bytes);
        await ApiFactory.SubmitAsync(api.Admin, submission, bytes);
    }

    private static string FillIn(string digest, byte[] bytes) => digest
        .Replace("{256}", Convert.ToBase64String(SHA256.HashData(bytes)), StringComparison.Ordinal)
        .Replace("{512}", Convert.ToBase64String(SHA512.HashData(bytes)), StringComparison.Ordinal)
        .Replace("{other}", Convert.ToBase64String(SHA512.HashData([1])), StringComparison.Ordinal);
}
