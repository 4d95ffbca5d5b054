using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The demo's images and checkpoint, for stories that need an evaluation and not a particular one.</summary>
internal static class DemoImages
{
    /// <summary>A CIFAR ResNet-20 of ten classes.</summary>
    public static string Checkpoint => Path.Combine(Repository.Root, "src", "Demo", "demo_resnet20.safetensors");

    private static readonly Lazy<Task<string>> Rendered = new(RenderAsync);

    /// <summary>Puts the demo's datasets into the datasets root. They are rendered once a process: that takes some ten seconds.</summary>
    public static async Task RenderAsync(Installation installation)
    {
        var rendered = await Rendered.Value;
        foreach (var folder in Directory.EnumerateDirectories(rendered, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(installation.Datasets, Path.GetRelativePath(rendered, folder)));
        }
        foreach (var file in Directory.EnumerateFiles(rendered, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(installation.Datasets, Path.GetRelativePath(rendered, file)), overwrite: true);
        }
    }

    private static async Task<string> RenderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("leaderboard-e2e-demo-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        using var demo = Program.Start("Demo", ["generate", folder], []);
        await demo.ExitsAsync(expected: 0);
        return folder;
    }

    /// <summary>The demo's definition on WebVision's layout, changed as a test needs it.</summary>
    public static JsonObject Definition(Installation installation, Action<JsonObject>? change = null)
    {
        var text = File.ReadAllText(Path.Combine(installation.Datasets, "demo-webvision.json"));
        var definition = JsonNode.Parse(text)!.AsObject();
        change?.Invoke(definition);
        return definition;
    }

    /// <summary>
    /// A benchmark of the same images, enlarged so that each takes the small network a good part of a second: long
    /// enough to kill things in the middle of.
    /// </summary>
    public static async Task DefineSlowAsync(Installation installation, string name, int samples, int side)
    {
        var list = File.ReadLines(Path.Combine(installation.Datasets, "demo-webvision", "info", "val_filelist.txt"))
            .Take(samples).Select(line => $"val_images_256/{line}");
        await File.WriteAllLinesAsync(Path.Combine(installation.Datasets, "demo-webvision", $"{name}.txt"), list);
        await installation.DefineAsync(Definition(installation, definition =>
        {
            definition["name"] = name;
            definition["layout"] = "image_list";
            definition["list"] = $"{name}.txt";
            definition["sample_count"] = samples;
            definition["eval_transform"]!["resize"] = side;
            definition["eval_transform"]!["crop"] = side;
        }));
    }
}
