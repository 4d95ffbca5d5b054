namespace Leaderboard.Shared.Benchmarks;

/// <summary>
/// What happens to an image between its decoding and the network, as torchvision does it on Pillow images:
/// resize, centre crop, scale to [0, 1], normalise.
/// </summary>
/// <param name="Resize">Length in pixels that the short side is resized to; null: no resize.</param>
/// <param name="Interpolation"><c>bilinear</c> or <c>bicubic</c> (a = -0.5), both antialiased; read only where there is a resize.</param>
/// <param name="Crop">Side in pixels of the centre crop; null: no crop, and all images must be of one size.</param>
/// <param name="Mean">Mean of red, green and blue, subtracted after scaling to [0, 1].</param>
/// <param name="Std">Standard deviation of red, green and blue, divided by after the mean is subtracted; above 0.</param>
public sealed record EvalTransform(
    int? Resize, string Interpolation, int? Crop, IReadOnlyList<double> Mean, IReadOnlyList<double> Std)
{
    public const string Bilinear = "bilinear";
    public const string Bicubic = "bicubic";
}
