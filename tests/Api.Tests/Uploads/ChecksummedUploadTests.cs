using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Leaderboard.Api.Tests.Uploads;

public sealed class ChecksummedUploadTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Each_algorithm_tells_right_bytes_from_wrong_ones()
    {
        var file = Samples.Checkpoint(3000, seed: 51);
        var address = await api.Admin.CreateUploadAsync(file.Length);
        var offset = 0;
        foreach (var (name, hash) in new (string, Func<byte[], byte[]>)[]
        {
            ("sha1", SHA1.HashData), ("sha256", SHA256.HashData), ("sha512", SHA512.HashData),
        })
        {
            var chunk = file[offset..(offset + 900)];
            var checksum = $"{name} {Convert.ToBase64String(hash(chunk))}";
            // Corrupted on the way, not by its format: the file must outlive that.
            byte[] corrupted = [.. chunk.Select(value => (byte)~value)];
            using (var mismatch = await api.Admin.AppendAsync(address, offset, corrupted, ("Upload-Checksum", checksum)))
            {
                await mismatch.ShouldBeProblemAsync(460, "checksum_mismatch");
            }
            Assert.Equal(offset, await api.Admin.OffsetAsync(address));
            using var appended = await api.Admin.AppendAsync(address, offset, chunk, ("Upload-Checksum", checksum));
            Assert.Equal(HttpStatusCode.NoContent, appended.StatusCode);
            offset += 900;
        }
        using var last = await api.Admin.AppendAsync(address, offset, file[offset..]);
        Assert.Equal(Samples.Sha256Of(file), last.Field("Checkpoint-Sha256"));
    }

    [Fact]
    public async Task The_last_bytes_may_be_wrong_too()
    {
        var file = Samples.Checkpoint();
        var address = await api.Admin.CreateUploadAsync(file.Length);
        var checksum = ("Upload-Checksum", $"sha256 {Convert.ToBase64String(SHA256.HashData(file))}");
        using (var mismatch = await api.Admin.AppendAsync(address, 0, [.. file[..^1], 1], checksum))
        {
            await mismatch.ShouldBeProblemAsync(460, "checksum_mismatch");
        }
        using var appended = await api.Admin.AppendAsync(address, 0, file, checksum);
        Assert.Equal(Samples.Sha256Of(file), appended.Field("Checkpoint-Sha256"));
    }

    [Theory]
    [InlineData(true, "HTTP/1.1 204")]
    [InlineData(false, "HTTP/1.1 460")]
    [InlineData(null, "HTTP/1.1 400")]
    public async Task A_checksum_may_come_behind_the_body(bool? isRight, string status)
    {
        var file = Samples.Checkpoint(1000, seed: 52);
        var address = await api.Admin.CreateUploadAsync(file.Length);
        using var connection = new RawConnection(api.Address);
        await connection.SendAppendHeadAsync(
            api.Admin, address, "Transfer-Encoding: chunked", "Trailer: Upload-Checksum");
        await connection.SendAsync([.. Encoding.ASCII.GetBytes($"{500:x}\r\n"), .. file[..500], .. "\r\n0\r\n"u8]);
        var digest = Convert.ToBase64String(SHA512.HashData(file.AsSpan(0, isRight == true ? 500 : 499)));
        await connection.SendHeadAsync(isRight is null ? "" : $"Upload-Checksum: sha512 {digest}");
        Assert.StartsWith(status, await connection.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(isRight == true ? 500 : 0, await api.Admin.OffsetAsync(address));
    }

    [Fact]
    public async Task Of_a_body_that_breaks_off_nothing_counts_since_nothing_can_be_compared()
    {
        var file = Samples.Checkpoint(3_000_000, seed: 53);
        var address = await api.Admin.CreateUploadAsync(file.Length);
        using (var connection = new RawConnection(api.Address))
        {
            await connection.SendAppendHeadAsync(
                api.Admin, address, $"Content-Length: {file.Length}",
                $"Upload-Checksum: sha256 {Convert.ToBase64String(SHA256.HashData(file))}");
            await connection.SendAsync(file[..2_000_000]);
            await Poll.UntilAsync(() => api.StoredFiles().Any(path => new FileInfo(path).Length >= 1_000_000));
            connection.Break();
        }
        using var answer = await UploadRequests.AppendOnceUnlockedAsync(api.Admin, address, 0, file);
        Assert.Equal(Samples.Sha256Of(file), answer.Field("Checkpoint-Sha256"));
    }
}
