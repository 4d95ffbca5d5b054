namespace Leaderboard.Api.Tests.Checkpoints;

/// <summary>A file that the operator's limit allows and the disk has no room for.</summary>
public sealed class WithoutRoomTests(WithoutRoomTests.Api api) : IClassFixture<WithoutRoomTests.Api>
{
    private const long Terabyte = 1_000_000_000_000;

    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings => [$"--Uploads:MaxCheckpointBytes={Terabyte}"];
    }

    [Theory]
    [InlineData("POST /api/v1/checkpoints HTTP/1.1", "Content-Type: application/octet-stream")]
    [InlineData("POST /api/v1/submissions HTTP/1.1", "Content-Type: multipart/form-data; boundary=b")]
    [InlineData("POST /api/v1/uploads HTTP/1.1", "Content-Type: application/offset+octet-stream")]
    public async Task It_is_refused_before_it_is_sent(string request, string type)
    {
        Assert.SkipWhen(
            new DriveInfo(api.Home).AvailableFreeSpace >= Terabyte, "This disk has room for the largest file allowed.");
        using var connection = new RawConnection(api.Address);
        await connection.SendHeadAsync(
            request, "Host: x", $"Authorization: Bearer {api.AdminKey}", type, $"Content-Length: {Terabyte}",
            "Expect: 100-continue", "Tus-Resumable: 1.0.0", $"Upload-Length: {Terabyte}");
        Assert.StartsWith("HTTP/1.1 507 ", await connection.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Contains("\"storage_full\"", await connection.ReadChunkedAsync(), StringComparison.Ordinal);
    }
}
