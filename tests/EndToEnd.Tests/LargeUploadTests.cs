using System.Net;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The Api never holds a checkpoint: what is measured is its own process, which does nothing else.</summary>
public sealed class LargeUploadTests : IAsyncLifetime
{
    private const int Size = 300_000_000;

    private readonly Installation installation = new()
    {
        // A heap for one core, whoever starts the tests.
        Settings = new() { ["Uploads__MaxCheckpointBytes"] = $"{Size}", ["DOTNET_gcServer"] = "0" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => installation.InitializeAsync();

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task Memory_stays_flat_while_300_MB_come_in()
    {
        var before = installation.Api.MemoryBytes.Now;
        using var content = new StreamContent(LargeCheckpoint());
        using var created = await installation.Http.PostAsync("checkpoints", content, Token);

        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync(Token));
        Assert.InRange(installation.Api.MemoryBytes.Peak, 0, before + 100_000_000);
    }

    // It begins as a checkpoint, and takes no room on the disk for the zeros behind.
    private FileStream LargeCheckpoint()
    {
        var file = Path.Combine(installation.Home, "large");
        File.Copy(DemoImages.Checkpoint, file);
        var stream = File.Open(file, FileMode.Open, FileAccess.ReadWrite);
        stream.SetLength(Size);
        return stream;
    }
}
