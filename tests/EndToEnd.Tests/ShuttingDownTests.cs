using System.Net;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>An Api that is asked to end while a checkpoint is on its way.</summary>
public sealed class ShuttingDownTests : IAsyncLifetime
{
    private readonly Installation installation = new() { Settings = new() { ["Shutdown__DrainTime"] = "00:00:03" } };

    public ValueTask InitializeAsync() => installation.InitializeAsync();

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task It_says_so_first_then_takes_nothing_new_and_finishes_what_it_has_begun()
    {
        var body = new SlowFile(DemoImages.Checkpoint);
        var upload = installation.Http.PostAsync("checkpoints", body, TestContext.Current.CancellationToken);
        await body.HalfSent;

        installation.Api.Terminate();
        var missing = "";
        await Poll.UntilAsync("it is no longer ready", TimeSpan.FromSeconds(10), async () =>
        {
            using var ready = await installation.Http.GetAsync("/readyz");
            missing = await ready.Content.ReadAsStringAsync();
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        Assert.Contains("shutting down", missing, StringComparison.Ordinal);
        await Poll.UntilAsync("it takes no more requests", TimeSpan.FromSeconds(20), RefusesAsync);

        body.SendTheRest();
        using var answer = await upload;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await installation.Api.ExitsAsync(expected: 0);
    }

    private async Task<bool> RefusesAsync()
    {
        using var stranger = new HttpClient { BaseAddress = installation.Http.BaseAddress };
        try
        {
            using var answer = await stranger.GetAsync("/healthz");
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    /// <summary>A file that is sent by halves, the second when the test says so.</summary>
    private sealed class SlowFile(string path) : HttpContent
    {
        private readonly TaskCompletionSource halfSent = new();
        private readonly TaskCompletionSource rest = new();

        public Task HalfSent => halfSent.Task;

        public void SendTheRest() => rest.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            halfSent.SetResult();
            await rest.Task;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = new FileInfo(path).Length;
            return true;
        }
    }
}
