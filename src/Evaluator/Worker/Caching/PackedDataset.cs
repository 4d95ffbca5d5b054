using System.Text.Json.Serialization;
using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Worker.Caching;

/// <summary>What is recorded beside packed images.</summary>
/// <param name="Recipe">What determined their bytes.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Width">Width of each.</param>
/// <param name="Height">Height of each.</param>
/// <param name="Xxh128">As in <see cref="CacheRecord"/>.</param>
internal sealed record PackRecord(PackRecipe Recipe, int Count, int Width, int Height, string Xxh128) : CacheRecord(Xxh128)
{
    [JsonIgnore]
    public ImageSize Size => new(Width, Height);

    public override long Length => PackedFormat.Length(Count, Size);
}

/// <summary>Packed images that were just found to be what their record says, and stay until this is disposed of.</summary>
/// <param name="ImagesFile">The file.</param>
/// <param name="Record">Its record.</param>
/// <param name="Hold">Keeps the file from being removed.</param>
internal sealed record PackedDataset(string ImagesFile, PackRecord Record, IDisposable Hold) : IDisposable
{
    public void Dispose() => Hold.Dispose();
}
