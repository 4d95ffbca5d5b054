using Leaderboard.Evaluator.Packing;
using Leaderboard.Evaluator.Preprocessing;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What is recorded beside packed images.</summary>
/// <param name="Recipe">What determined their bytes.</param>
/// <param name="Count">Number of images.</param>
/// <param name="Width">Width of each.</param>
/// <param name="Height">Height of each.</param>
/// <param name="Xxh128">XXH128 of the images' file, in lower-case hexadecimal: against accidents, not against people.</param>
internal sealed record PackRecord(PackRecipe Recipe, int Count, int Width, int Height, string Xxh128)
{
    public ImageSize Size => new(Width, Height);
}

/// <summary>Packed images that were just found to be what their record says.</summary>
/// <param name="ImagesFile">The file.</param>
/// <param name="Record">Its record.</param>
internal sealed record PackedDataset(string ImagesFile, PackRecord Record);
