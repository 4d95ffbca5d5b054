using System.Diagnostics;
using System.Net;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>The client that the protocol's authors publish, in a process of its own.</summary>
public sealed class UploadingWithTusJsClientTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const int Size = 24_000_000;
    private const int Half = Size / 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_half_way_it_goes_on_where_it_stood()
    {
        using var folder = new TemporaryFolder();
        var file = await WriteFileAsync(folder, seed: 61);
        string address;
        using (var first = await StartClientAsync(file, "--stall-at", $"{Half}"))
        {
            address = await ReadLineAsync(first, "url ");
            await ReadLineAsync(first, "stalled");
            first.Kill();
            await first.WaitForExitAsync(Token);
        }
        var path = new Uri(address).AbsolutePath;
        var offset = 0L;
        await Poll.UntilAsync(async () => (offset = await api.Admin.OffsetAsync(path)) > 0);
        Assert.InRange(offset, 1, Half);

        using var second = await StartClientAsync(file, "--resume", address);
        // It may meet the end of the request that broke off, and then asks again where to go on.
        Assert.Equal("", await ReadLineAsync(second, "HEAD"));
        Assert.NotEqual("0", await ReadLineAsync(second, "PATCH "));
        await ShouldSucceedAsync(second, file);
        Assert.Equal(Size, await api.Admin.OffsetAsync(path));
    }

    [Fact]
    public async Task A_file_in_chunks_is_whole()
    {
        using var folder = new TemporaryFolder();
        var file = await WriteFileAsync(folder, seed: 62);
        using var client = await StartClientAsync(file, "--chunk-size", "5000000");
        await ShouldSucceedAsync(client, file);
    }

    [Fact]
    public async Task What_is_no_checkpoint_fails_at_the_client()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("picture.gif");
        await File.WriteAllTextAsync(file, "GIF89a, and more of it", Token);
        using var client = await StartClientAsync(file);
        Assert.Contains("checkpoint_unrecognised", await ReadLineAsync(client, "failed "), StringComparison.Ordinal);
    }

    private static async Task<string> WriteFileAsync(TemporaryFolder folder, int seed)
    {
        var bytes = Samples.Checkpoint(Size - 100, seed);
        // Not all zeros: a byte in the wrong place must show.
        new Random(seed).NextBytes(bytes.AsSpan(200));
        Array.Resize(ref bytes, Size);
        var path = folder.At("model.safetensors");
        await File.WriteAllBytesAsync(path, bytes, Token);
        return path;
    }

    private async Task<Process> StartClientAsync(string file, params string[] options)
    {
        await NodeScripts.Installed;
        return Process.Start(new ProcessStartInfo(
            "node", ["tus-upload.mjs", new Uri(api.Address, TusRequests.Address).AbsoluteUri, api.AdminKey, file, .. options])
        {
            WorkingDirectory = NodeScripts.Folder,
            RedirectStandardOutput = true,
        })!;
    }

    private async Task ShouldSucceedAsync(Process client, string file)
    {
        var sha256 = Samples.Sha256Of(await File.ReadAllBytesAsync(file, Token));
        Assert.Equal(sha256, await ReadLineAsync(client, "sha256 "));
        await client.WaitForExitAsync(Token);
        Assert.Equal(0, client.ExitCode);
        var checkpoint = await api.Admin.GetJsonAsync($"/api/v1/checkpoints/{sha256}", HttpStatusCode.OK);
        Assert.Equal(Size, checkpoint.GetProperty("size").GetInt64());
        var stored = api.StoredFiles().Single(path => path.EndsWith(sha256, StringComparison.Ordinal));
        Assert.Equal(sha256, Samples.Sha256Of(await File.ReadAllBytesAsync(stored, Token)));
    }

    // The rest of its next line that begins so.
    private static async Task<string> ReadLineAsync(Process client, string beginning)
    {
        var before = new List<string>();
        while (await client.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line[beginning.Length..];
            }
            before.Add(line);
        }
        throw new InvalidOperationException($"It ended without '{beginning}': {string.Join('\n', before)}");
    }
}
