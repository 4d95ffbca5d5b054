using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests;

/// <summary>Small things that tests send.</summary>
internal static class Samples
{
    private static int made;

    /// <summary>A safetensors file of one tensor, each call another's bytes.</summary>
    public static byte[] Checkpoint() => Checkpoint(4, Interlocked.Increment(ref made));

    /// <summary>A safetensors file with this many bytes of data.</summary>
    public static byte[] Checkpoint(int dataBytes, int seed)
    {
        var header = Encoding.UTF8.GetBytes(
            $$$"""{"{{{seed}}}":{"dtype":"F32","shape":[{{{dataBytes / 4}}}],"data_offsets":[0,{{{dataBytes}}}]}}""");
        var file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    public static string Sha256Of(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static JsonObject Benchmark(string name, string version = "1") => JsonNode.Parse($$"""
        { "name": "{{name}}", "version": "{{version}}", "task": "image-classification", "dataset": "{{name}}",
          "protocol": "classify", "layout": "image_folder", "path": "some/folder", "class_count": 10,
          "eval_transform": { "resize": null, "interpolation": "bilinear", "crop": null,
                              "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225] },
          "metrics": ["top1_accuracy", "top5_accuracy"] }
        """)!.AsObject();

    public static JsonObject Submission(string benchmark, string modelName = "MoPro-V2") =>
        new() { ["model_name"] = modelName, ["benchmarks"] = new JsonArray(benchmark) };

    /// <summary>A submission's two parts, JSON first.</summary>
    public static MultipartFormDataContent Form(object submission, byte[] checkpoint) => new()
    {
        { Json(submission), "submission" },
        { File(checkpoint), "checkpoint", "model.safetensors" },
    };

    public static HttpContent Json(object content) => content as HttpContent ?? JsonContent.Create(content);

    public static ByteArrayContent File(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
}
