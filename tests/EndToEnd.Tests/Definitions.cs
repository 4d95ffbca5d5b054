using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Definitions of benchmarks on folders that tests lay out, changed as a test needs them.</summary>
internal static class Definitions
{
    /// <summary>CIFAR-10's images as they are, a folder a class.</summary>
    public static JsonObject OfCifar(string name, Action<JsonObject>? change = null) =>
        Changed(Of(name, classCount: 10, resize: null, crop: null), change);

    /// <summary>What <see cref="RealmsOfCifar.WriteFolders"/> writes, for a protocol that learns.</summary>
    public static JsonObject OfCifarSplits(string name, Action<JsonObject> change) => OfCifar(name, definition =>
    {
        definition["path"] = "cifar-val";
        definition["train"] = "cifar-train";
        change(definition);
    });

    /// <summary>The vote of ten neighbours on those folders.</summary>
    public static JsonObject OfNeighbours(string name, Action<JsonObject>? change = null) =>
        OfCifarSplits(name, definition =>
        {
            definition["protocol"] = "knn";
            definition["k"] = 10;
            definition["temperature"] = 0.07;
            change?.Invoke(definition);
        });

    /// <summary>ImageNet's classes, the images resized and cropped as those of the references.</summary>
    public static JsonObject OfImageNet(string name, Action<JsonObject>? change = null)
    {
        var definition = Of(name, classCount: 1000, resize: 256, crop: 224);
        definition["label_order"] = "imagenet-1k";
        return Changed(definition, change);
    }

    /// <summary>One of the catalogue's, of another name, on a folder of that name with any number of samples.</summary>
    public static JsonObject OfCatalogue(string benchmark, string name, Action<JsonObject>? change = null)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "catalog", "benchmarks", $"{benchmark}.json"));
        var definition = JsonNode.Parse(text)!["definition"]!.DeepClone().AsObject();
        definition["name"] = name;
        definition["path"] = name;
        definition.Remove("sample_count");
        return Changed(definition, change);
    }

    /// <summary>ImageNet's mean and standard deviation.</summary>
    public static JsonObject Transform(int? resize, int? crop) => new()
    {
        ["resize"] = resize,
        ["interpolation"] = "bilinear",
        ["crop"] = crop,
        ["mean"] = new JsonArray(0.485, 0.456, 0.406),
        ["std"] = new JsonArray(0.229, 0.224, 0.225),
    };

    private static JsonObject Of(string name, int classCount, int? resize, int? crop) => new()
    {
        ["name"] = name,
        ["version"] = "1",
        ["task"] = "image-classification",
        ["dataset"] = name,
        ["protocol"] = "classify",
        ["layout"] = "image_folder",
        ["path"] = name,
        ["class_count"] = classCount,
        ["eval_transform"] = Transform(resize, crop),
        ["metrics"] = new JsonArray("top1_accuracy"),
    };

    private static JsonObject Changed(JsonObject definition, Action<JsonObject>? change)
    {
        change?.Invoke(definition);
        return definition;
    }
}
