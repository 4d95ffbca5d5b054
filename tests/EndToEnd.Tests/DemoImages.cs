using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The demo's images and checkpoint, for stories that need an evaluation and not a particular one.</summary>
internal static class DemoImages
{
    /// <summary>A CIFAR ResNet-20 of ten classes.</summary>
    public static string Checkpoint => Path.Combine(Repository.Root, "src", "Demo", "demo_resnet20.safetensors");

    /// <summary>Renders the demo's datasets into the datasets root.</summary>
    public static async Task RenderAsync(Installation installation)
    {
        using var demo = Program.Start("Demo", ["generate", installation.Datasets], []);
        await demo.ExitsAsync(expected: 0);
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
