using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Whatever is posted instead of a checkpoint ends with a code that its submitter can act on; nothing half-written
/// stays, and the worker goes on.
/// </summary>
public sealed class HostileCheckpointsTests(Installation installation) : IClassFixture<Installation>, IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("leaderboard-hostile-");

    public async ValueTask InitializeAsync()
    {
        await DemoImages.RenderAsync(installation);
        await installation.DefineAsync(DemoImages.Definition(installation));
    }

    public async ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        Assert.Empty(Directory.GetFiles(Path.Combine(installation.Home, "checkpoints", "incoming")));

        // The worker goes on.
        var end = await installation.EndOfAsync(
            Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["demo-webvision"], modelName: "honest")));
        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
    }

    [Theory]
    [InlineData("", 0, HttpStatusCode.UnprocessableEntity, "checkpoint_empty")]
    [InlineData("text", 1000, HttpStatusCode.UnsupportedMediaType, "checkpoint_unrecognised")]
    [InlineData("PK\x3\x4", 20_000_001, HttpStatusCode.RequestEntityTooLarge, "checkpoint_too_large")]
    public async Task What_the_Api_can_tell_is_refused_at_once(string head, int length, HttpStatusCode status, string code)
    {
        var bytes = new byte[length];
        System.Text.Encoding.ASCII.GetBytes(head, bytes);
        var path = Write("refused", bytes);

        using var answer = await installation.PostSubmissionAsync(
            path, new { model_name = "refused", benchmarks = new[] { "demo-webvision" } });

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((status, code), (answer.StatusCode, (string?)problem["code"]));
    }

    [Theory]
    [InlineData("JohnYKiyo__ckpt.pth", "architecture_unknown")]
    [InlineData("Sarapuce__mnist_model.pt", "checkpoint_unsafe")]
    [InlineData("douzaikongcheng__model_int8.pth", "checkpoint_unrecognised")]
    [InlineData("mary-0830__mnist_deleted.pt", "architecture_unknown")]
    [InlineData("protectai__unsafe_zip_pytorch.pt", "checkpoint_unsafe")]
    [InlineData("1bananachicken__model.pth", "checkpoint_unrecognised")]
    public async Task Odd_files_of_strangers_fail_with_a_code(string file, string code) =>
        AssertFailed(await EvaluateAsync(RealData.At("odd_checkpoints", file)), code);

    [Fact]
    public async Task A_network_of_another_number_of_classes_is_refused() => AssertFailed(
        await EvaluateAsync(RealData.At("checkpoints", "imagenet_squeezenet1_0.pth")), "class_count_mismatch");

    [Fact]
    public async Task Half_a_checkpoint_is_truncated()
    {
        var bytes = await File.ReadAllBytesAsync(DemoImages.Checkpoint, TestContext.Current.CancellationToken);

        AssertFailed(await EvaluateAsync(Write("half", bytes[..(bytes.Length / 2)])), "checkpoint_truncated");
    }

    [Fact]
    public async Task A_checkpoint_without_one_of_its_tensors_is_told_which()
    {
        // The header of a safetensors file is JSON: one tensor gets another name.
        var bytes = await File.ReadAllBytesAsync(DemoImages.Checkpoint, TestContext.Current.CancellationToken);
        "linear.bios"u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("linear.bias"u8)));

        var end = await EvaluateAsync(Write("renamed", bytes));

        AssertFailed(end, "tensors_mismatch");
        Assert.Contains("linear.bias", (string)end["failure"]!["message"]!, StringComparison.Ordinal);
        Assert.Contains("linear.bios", (string)end["failure"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pickle_that_calls_a_shell_runs_nothing()
    {
        // protocol 2; posix.system('touch <trace>')
        var trace = Path.Combine(folder.FullName, "trace");
        byte[] pickle = [0x80, 2, .. "cposix\nsystem\n("u8, (byte)'S', .. System.Text.Encoding.ASCII.GetBytes($"'touch {trace}'\n"), .. "tR."u8];

        AssertFailed(await EvaluateAsync(Write("shell", pickle)), "checkpoint_unsafe");
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task A_zip_bomb_is_not_unpacked()
    {
        var path = Path.Combine(folder.FullName, "bomb");
        await using (var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            foreach (var name in new[] { "archive/data.pkl", "archive/data/0", "archive/data/1" })
            {
                await using var entry = await zip.CreateEntry(name, CompressionLevel.SmallestSize).OpenAsync(TestContext.Current.CancellationToken);
                var zeros = new byte[1 << 20];
                for (var megabyte = 0; megabyte < 600; megabyte++)
                {
                    await entry.WriteAsync(zeros, TestContext.Current.CancellationToken);
                }
            }
        }

        AssertFailed(await EvaluateAsync(path), "checkpoint_too_large");
    }

    [Fact]
    public async Task A_wrong_digest_is_refused_and_nothing_stays()
    {
        using var answer = await installation.PostSubmissionAsync(
            Write("digest", [0x80, 2, .. "cposix\nsystem\n."u8]),
            new { model_name = "digest", benchmarks = new[] { "demo-webvision" }, sha256 = new string('0', 64) });

        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("digest_mismatch", (string?)problem["code"]);
    }

    [Fact]
    public async Task An_unknown_benchmark_is_named()
    {
        using var answer = await installation.PostSubmissionAsync(
            DemoImages.Checkpoint, new { model_name = "lost", benchmarks = new[] { "imagenet-22k" } });

        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("benchmark_unknown", (string?)JsonNode.Parse(body)!["code"]);
        Assert.Contains("imagenet-22k", body, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private async Task<JsonNode> EvaluateAsync(string checkpoint) => await installation.EndOfAsync(
        Assert.Single(await installation.SubmitAsync(checkpoint, ["demo-webvision"])));

    private static void AssertFailed(JsonNode evaluation, string code)
    {
        Assert.True(Installation.FailureCode(evaluation) == code, evaluation.ToJsonString());
        Assert.Equal("failed", Installation.State(evaluation));
        Assert.Empty(evaluation["scores"]!.AsArray());
    }
}
