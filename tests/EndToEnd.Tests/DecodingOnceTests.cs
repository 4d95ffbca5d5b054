using System.Text.Json.Nodes;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>A benchmark's images are decoded by its first evaluation; the score is the same with and without.</summary>
public sealed class DecodingOnceTests : IAsyncLifetime
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
    public async Task The_packed_images_serve_all_evaluations_and_a_damaged_file_is_made_again()
    {
        var first = await EvaluateAsync("first");
        var file = Assert.Single(PackedFiles());
        var written = File.GetLastWriteTimeUtc(file);

        var second = await EvaluateAsync("second");
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(PackedFiles())));

        await using (var images = File.OpenWrite(file))
        {
            images.Position = images.Length / 2;
            images.Write(new byte[1000]);
        }
        var third = await EvaluateAsync("third");
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(Assert.Single(PackedFiles())));

        installation.Worker.Terminate();
        await installation.Worker.ExitsAsync(expected: 0);
        installation.StartWorker(new() { ["Evaluator__CacheBytes"] = "0" });
        Directory.Delete(Path.Combine(installation.Home, "cache"), recursive: true);
        var unpacked = await EvaluateAsync("unpacked");
        Assert.Empty(PackedFiles());

        Assert.All([second, third, unpacked], other => Assert.Equal(Outcome(first), Outcome(other)));
    }

    [Fact]
    public async Task A_runner_of_packed_images_is_shown_the_pixels_and_neither_the_dataset_nor_any_target()
    {
        await DemoImages.DefineSlowAsync(installation, "slow", samples: 40, side: 512);
        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["slow"]));
        await installation.UnderWayAsync(id);

        var mounts = installation.Worker.RunnerArguments();

        Assert.Contains(Assert.Single(PackedFiles()), mounts);
        Assert.DoesNotContain(mounts, argument => argument.StartsWith(installation.Datasets, StringComparison.Ordinal));
        Assert.DoesNotContain(mounts, argument => argument.Contains("targets", StringComparison.Ordinal));
        await installation.EndOfAsync(id);
    }

    [Fact]
    public async Task A_failure_at_a_sample_names_it_though_the_runner_knows_no_name()
    {
        var bytes = await File.ReadAllBytesAsync(DemoImages.Checkpoint, TestContext.Current.CancellationToken);
        var header = 8 + (int)BitConverter.ToUInt64(bytes);
        var bias = JsonNode.Parse(bytes.AsSpan(8, header - 8))!["linear.bias"]!["data_offsets"]!;
        BitConverter.TryWriteBytes(bytes.AsSpan(header + (int)bias[0]!), float.NaN);
        var checkpoint = Path.Combine(installation.Home, "not-a-number.safetensors");
        await File.WriteAllBytesAsync(checkpoint, bytes, TestContext.Current.CancellationToken);

        var end = await installation.EndOfAsync(
            Assert.Single(await installation.SubmitAsync(checkpoint, ["demo-webvision"])));

        Assert.Equal("output_not_finite", Installation.FailureCode(end));
        var list = Path.Combine(installation.Datasets, "demo-webvision", "info", "val_filelist.txt");
        var first = (await File.ReadAllLinesAsync(list, TestContext.Current.CancellationToken))[0].Split(' ')[0];
        Assert.Contains(first, (string)end["failure"]!["message"]!, StringComparison.Ordinal);
    }

    private string[] PackedFiles()
    {
        var cache = Path.Combine(installation.Home, "cache");
        return Directory.Exists(cache) ? Directory.GetFiles(cache, "images.safetensors", SearchOption.AllDirectories) : [];
    }

    private async Task<JsonNode> EvaluateAsync(string modelName)
    {
        var id = Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, ["demo-webvision"], modelName));
        var end = await installation.EndOfAsync(id);
        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
        return end;
    }

    private static string Outcome(JsonNode evaluation) =>
        evaluation["scores"]!.ToJsonString() + evaluation["provenance"]!["libraries"]!.ToJsonString();
}
