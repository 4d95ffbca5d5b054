namespace Leaderboard.Evaluator.Models;

/// <summary>A tensor that a layer needs.</summary>
/// <param name="Name">Its name in the reference implementation's state dict.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="IsTrainable">Whether it counts as a parameter; a buffer otherwise.</param>
/// <param name="IsOptional">Whether a file may lack it: it has no influence on what the network computes.</param>
internal sealed record ExpectedTensor(string Name, long[] Shape, bool IsTrainable = true, bool IsOptional = false)
{
    /// <summary>A buffer that files hold and the network computes itself.</summary>
    public static ExpectedTensor Ignored(string name, params long[] shape) =>
        new(name, shape, IsTrainable: false, IsOptional: true);

    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
