using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Leaderboard.Api.Tests.Uploads;

public sealed class ExpiringUploadsTests : IAsyncLifetime
{
    // PostgreSQL keeps microseconds, and HTTP seconds.
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly ApiFactory api;

    public ExpiringUploadsTests() => api = new ApiFactory(time);

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task An_upload_expires_a_day_after_its_last_byte_and_then_it_is_removed()
    {
        var file = Samples.Checkpoint();
        var address = await api.Admin.CreateUploadAsync(file.Length);
        var id = Guid.Parse(address.Split('/')[^1]);
        time.Advance(TimeSpan.FromHours(23));
        using (var appended = await api.Admin.AppendAsync(address, 0, file[..20]))
        {
            Assert.Equal(
                time.GetUtcNow().AddHours(24),
                DateTimeOffset.Parse(appended.Field("Upload-Expires")!, CultureInfo.InvariantCulture));
        }
        time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(20, await api.Admin.OffsetAsync(address));
        Assert.Contains(api.StoredFiles(), IsItsFile);

        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(2));
        using (var gone = await api.Admin.AppendAsync(address, 20, file[20..]))
        {
            await gone.ShouldBeProblemAsync(410, "upload_gone");
        }
        await Poll.UntilAsync(() => !api.StoredFiles().Any(IsItsFile));
        Assert.Equal(HttpStatusCode.Gone, await HeadAsync());

        // After another day nothing is known of it any more.
        await Poll.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromHours(25));
            return await HeadAsync() == HttpStatusCode.NotFound;
        });

        bool IsItsFile(string path) => path.EndsWith(id.ToString("N"), StringComparison.Ordinal);

        async Task<HttpStatusCode> HeadAsync()
        {
            using var head = await api.Admin.TusAsync("HEAD", address, null);
            return head.StatusCode;
        }
    }

    [Fact]
    public async Task An_upload_that_is_being_written_does_not_expire()
    {
        var file = Samples.Checkpoint();
        var address = await api.Admin.CreateUploadAsync(file.Length);
        using var connection = new RawConnection(api.Address);
        await connection.SendAppendHeadAsync(
            api.Admin, address, $"Content-Length: {file.Length}", "Expect: 100-continue");
        await connection.ReadHeadAsync();
        var expired = await api.Admin.CreateUploadAsync(file.Length);
        using (await api.Admin.AppendAsync(expired, 0, file[..20]))
        {
        }
        time.Advance(TimeSpan.FromHours(25));
        // Its file is removed in the same round that leaves the other's.
        await Poll.UntilAsync(() => !api.StoredFiles().Any(
            path => path.EndsWith(Guid.Parse(expired.Split('/')[^1]).ToString("N"), StringComparison.Ordinal)));
        await connection.SendAsync(file);
        Assert.Contains($"Checkpoint-Sha256: {Samples.Sha256Of(file)}", await connection.ReadHeadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_no_upload_needs_is_removed()
    {
        var orphan = Path.Combine(api.Home, "checkpoints", "uploads", Guid.NewGuid().ToString("N"));
        await File.WriteAllTextAsync(orphan, "left by a server that was killed", TestContext.Current.CancellationToken);
        await Poll.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return !File.Exists(orphan);
        });
    }
}
