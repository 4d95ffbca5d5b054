using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>An upload outlives the server that takes it.</summary>
public sealed class LosingTheApiTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    public async ValueTask InitializeAsync()
    {
        await installation.InitializeAsync();
        await DemoImages.RenderAsync(installation);
        await installation.DefineAsync(DemoImages.Definition(installation));
    }

    public ValueTask DisposeAsync() => installation.DisposeAsync();

    [Fact]
    public async Task An_upload_goes_on_after_the_api_was_killed_and_its_checkpoint_is_evaluated()
    {
        var file = await File.ReadAllBytesAsync(DemoImages.Checkpoint, TestContext.Current.CancellationToken);
        using var created = await SendAsync(HttpMethod.Post, "uploads", [], ("Upload-Length", $"{file.Length}"));
        var address = created.Headers.Location!.ToString();
        using (await AppendAsync(address, 0, file[..300_000]))
        {
        }
        // The second request has bytes on the disk, and is still at it when the server dies.
        using var stalling = new Stalling(file[300_000..600_000], file.Length - 300_000);
        var cutOff = SendAsync(HttpMethod.Patch, address, stalling, ("Upload-Offset", "300000"));
        await Poll.UntilAsync("the second request writes", TimeSpan.FromSeconds(20), async () =>
        {
            // At a wrong offset, so that it is refused either way: as long as nobody writes, by that.
            using var other = await AppendAsync(address, 0, [1]);
            return other.StatusCode == (HttpStatusCode)423;
        });
        await installation.KillApiAndStartAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => cutOff);

        using var head = await SendAsync(HttpMethod.Head, address, []);
        Assert.Equal("300000", head.Headers.GetValues("Upload-Offset").Single());
        HttpResponseMessage? rest = null;
        await Poll.UntilAsync("the dead server's lease has run out", TimeSpan.FromSeconds(30), async () =>
        {
            rest?.Dispose();
            rest = await AppendAsync(address, 300_000, file[300_000..]);
            return rest.StatusCode != (HttpStatusCode)423;
        });
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        Assert.Equal(sha256, rest!.Headers.GetValues("Checkpoint-Sha256").Single());
        rest.Dispose();

        using var json = new StringContent(
            $$"""{ "model_name": "resumed", "benchmarks": ["demo-webvision"], "checkpoint": "{{sha256}}" }""",
            Encoding.UTF8, "application/json");
        using var submitted = await installation.Http.PostAsync("submissions", json);
        var submission = JsonNode.Parse(await submitted.Content.ReadAsStringAsync())!;
        var evaluation = await installation.EndOfAsync((string)submission["evaluations"]![0]!["id"]!);
        Assert.Equal("succeeded", Installation.State(evaluation));
    }

    private Task<HttpResponseMessage> AppendAsync(string address, long offset, byte[] bytes) =>
        SendAsync(HttpMethod.Patch, address, bytes, ("Upload-Offset", $"{offset}"));

    private Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, byte[] bytes, params (string Name, string Value)[] fields) =>
        SendAsync(method, address, bytes is [] ? null : new ByteArrayContent(bytes), fields);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, HttpContent? content, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        }
        foreach (var (name, value) in fields.Append(("Tus-Resumable", "1.0.0")))
        {
            request.Headers.Add(name, value);
        }
        return await installation.Http.SendAsync(request);
    }

    /// <summary>Sends its bytes, and never the rest that it has announced.</summary>
    private sealed class Stalling(byte[] bytes, long announced) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes);
            await stream.FlushAsync();
            await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = announced;
            return true;
        }
    }
}
