using System.Text.Json.Nodes;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>A dataset that is not what its benchmark says gives no number: the evaluation fails, says why, and the worker goes on.</summary>
public sealed class BadDatasetTests(Installation installation) : IClassFixture<Installation>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await DemoImages.RenderAsync(installation);
        // One folder a class, from WebVision's list.
        var images = Path.Combine(installation.Datasets, "demo-webvision");
        foreach (var line in File.ReadLines(Path.Combine(images, "info", "val_filelist.txt")))
        {
            var fields = line.Split(' ');
            var folder = Directory.CreateDirectory(Path.Combine(Folder, $"class-{fields[1]}"));
            File.Copy(
                Path.Combine(images, "val_images_256", fields[0]), Path.Combine(folder.FullName, fields[0]), overwrite: true);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Folder { get; } = Path.Combine(installation.Datasets, "folder");

    [Fact]
    public async Task Its_folder_is_missing()
    {
        await DefineAsync("no-folder", path: "nowhere");

        AssertFailed(await EvaluateAsync("no-folder"), "dataset_missing", "nowhere");
    }

    [Fact]
    public async Task A_file_was_removed_since_it_was_indexed()
    {
        await DefineAsync("removed");
        await AssertWorksAsync("removed");
        File.Delete(FirstImage());

        AssertFailed(await EvaluateAsync("removed"), "dataset_changed", Path.GetFileName(FirstImageOfTheDemo()));
    }

    [Fact]
    public async Task A_file_was_added_since_it_was_indexed()
    {
        await DefineAsync("added");
        await AssertWorksAsync("added");
        File.Copy(FirstImage(), Path.Combine(Path.GetDirectoryName(FirstImage())!, "added.jpg"));

        AssertFailed(await EvaluateAsync("added"), "dataset_changed", "added.jpg");
    }

    [Fact]
    public async Task A_byte_was_changed_since_it_was_indexed()
    {
        await DefineAsync("altered");
        await AssertWorksAsync("altered");
        var bytes = await File.ReadAllBytesAsync(FirstImage(), TestContext.Current.CancellationToken);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(FirstImage(), bytes, TestContext.Current.CancellationToken);

        AssertFailed(await EvaluateAsync("altered"), "dataset_changed", Path.GetFileName(FirstImage()));
    }

    [Fact]
    public async Task An_image_is_cut_short()
    {
        var bytes = await File.ReadAllBytesAsync(FirstImage(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(FirstImage(), bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        await DefineAsync("cut");

        AssertFailed(await EvaluateAsync("cut"), "image_unreadable", Path.GetFileName(FirstImage()));
    }

    [Fact]
    public async Task A_file_is_no_image()
    {
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "class-0", "notes.txt"), "my notes", TestContext.Current.CancellationToken);
        await DefineAsync("notes");

        AssertFailed(await EvaluateAsync("notes"), "dataset_changed", "notes.txt");
    }

    [Fact]
    public async Task A_folder_is_a_link_to_elsewhere()
    {
        Directory.CreateSymbolicLink(Path.Combine(installation.Datasets, "link"), "/etc");
        await DefineAsync("link", path: "link");

        var failure = await EvaluateAsync("link");

        Assert.Equal("failed", Installation.State(failure));
        Assert.Contains(Installation.FailureCode(failure), new[] { "dataset_missing", "dataset_changed" });
        Assert.DoesNotContain("passwd", failure.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_crop_its_images_are_of_different_sizes()
    {
        await installation.DefineAsync(Definition("sizes", "folder", definition =>
        {
            definition["eval_transform"]!["resize"] = null;
            definition["eval_transform"]!["crop"] = null;
        }));

        AssertFailed(await EvaluateAsync("sizes"), "image_size_varies", ".jpg");
    }

    private string FirstImage() => Directory.GetFiles(Path.Combine(Folder, "class-0")).Order(StringComparer.Ordinal).First();

    private string FirstImageOfTheDemo() => File.ReadLines(
        Path.Combine(installation.Datasets, "demo-webvision", "info", "val_filelist.txt"))
        .Where(line => line.EndsWith(" 0", StringComparison.Ordinal)).Order(StringComparer.Ordinal).First().Split(' ')[0];

    private Task DefineAsync(string name, string path = "folder") => installation.DefineAsync(Definition(name, path));

    private JsonObject Definition(string name, string path, Action<JsonObject>? change = null) =>
        DemoImages.Definition(installation, definition =>
        {
            definition["name"] = name;
            definition["layout"] = "image_folder";
            definition["path"] = path;
            change?.Invoke(definition);
        });

    private async Task<JsonNode> EvaluateAsync(string benchmark) => await installation.EndOfAsync(
        Assert.Single(await installation.SubmitAsync(DemoImages.Checkpoint, [benchmark])));

    private async Task AssertWorksAsync(string benchmark)
    {
        var end = await EvaluateAsync(benchmark);
        Assert.True(Installation.State(end) == "succeeded", end.ToJsonString());
    }

    private static void AssertFailed(JsonNode evaluation, string code, string named)
    {
        Assert.Equal(("failed", code), (Installation.State(evaluation), Installation.FailureCode(evaluation)));
        Assert.Contains(named, (string)evaluation["failure"]!["message"]!, StringComparison.Ordinal);
        Assert.Empty(evaluation["scores"]!.AsArray());
    }
}
