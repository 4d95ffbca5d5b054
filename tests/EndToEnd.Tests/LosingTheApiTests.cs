using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Npgsql;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>An upload outlives the server that takes it.</summary>
public sealed class LosingTheApiTests : IAsyncLifetime
{
    private readonly Installation installation = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

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
        var file = await File.ReadAllBytesAsync(DemoImages.Checkpoint, Token);
        using var created = await SendAsync(HttpMethod.Post, "uploads", [], ("Upload-Length", $"{file.Length}"));
        var address = created.Headers.Location!.ToString();
        using (await AppendAsync(address, 0, file[..300_000]))
        {
        }
        // The second request has bytes on the disk, and is still at it when the server dies.
        using var stalling = await BeginAppendingAsync(address, 300_000, file.Length - 300_000, file[300_000..600_000]);
        await Poll.UntilAsync("the second request writes", TimeSpan.FromSeconds(20), IsHeldAsync);
        await installation.KillApiAndStartAsync();

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
        using var submitted = await installation.Http.PostAsync("submissions", json, Token);
        var submission = JsonNode.Parse(await submitted.Content.ReadAsStringAsync(Token))!;
        var evaluation = await installation.EndOfAsync((string)submission["evaluations"]![0]!["id"]!);
        Assert.Equal("succeeded", Installation.State(evaluation));
    }

    private async Task<bool> IsHeldAsync()
    {
        await using var connection = new NpgsqlConnection(installation.ConnectionString);
        return await connection.ExecuteScalarAsync<bool>("select exists (select from uploads where holder is not null)");
    }

    private Task<HttpResponseMessage> AppendAsync(string address, long offset, byte[] bytes) =>
        SendAsync(HttpMethod.Patch, address, bytes, ("Upload-Offset", $"{offset}"));

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string address, byte[] bytes, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(method, address);
        if (bytes.Length > 0)
        {
            var type = new MediaTypeHeaderValue("application/offset+octet-stream");
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = type } };
        }
        foreach (var (name, value) in fields.Append(("Tus-Resumable", "1.0.0")))
        {
            request.Headers.Add(name, value);
        }
        return await installation.Http.SendAsync(request, Token);
    }

    // Sends some bytes of a request, and never the rest that it has announced.
    private async Task<TcpClient> BeginAppendingAsync(string address, long offset, long announced, byte[] bytes)
    {
        var server = installation.Http.BaseAddress!;
        var socket = new TcpClient(server.Host, server.Port);
        var head = $"PATCH {address} HTTP/1.1\r\nHost: x\r\n"
            + $"Authorization: {installation.Http.DefaultRequestHeaders.Authorization}\r\n"
            + $"Tus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
            + $"Content-Type: application/offset+octet-stream\r\nContent-Length: {announced}\r\n\r\n";
        await socket.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes], Token);
        return socket;
    }
}
