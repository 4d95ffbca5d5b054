using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Preprocessing;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// Normalises 8-bit images on libtorch's device by looking each number up among the 3 × 256 that there can be, computed
/// once on the CPU: the same bits as there, which arithmetic on a GPU does not give (dividing by a number, libtorch
/// multiplies by its rounded reciprocal).
/// </summary>
internal sealed class PixelTable : IDisposable
{
    private const int Levels = 256;

    private readonly Tensor channels;
    private readonly Tensor table;

    public PixelTable(Normalisation normalisation, Device device, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var greys = new byte[3 * Levels];
        for (var i = 0; i < greys.Length; i++)
        {
            greys[i] = (byte)(i / 3);
        }
        var numbers = empty(greys.Length, ScalarType.Float32);
        normalisation.ToPlanes(greys, MemoryMarshal.Cast<byte, float>(numbers.bytes));
        table = numbers.to(precision, device).DetachFromDisposeScope();
        channels = arange(0, 3 * Levels, Levels, ScalarType.Int32).to(device).DetachFromDisposeScope();
    }

    /// <param name="pixels">8-bit [N, H, W, 3].</param>
    /// <returns>[N, 3, H, W], channels last in memory, in the table's precision.</returns>
    public Tensor Normalise(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var places = (pixels.to(ScalarType.Int32) + channels).flatten();
        return table.index_select(0, places).view(pixels.shape).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        table.Dispose();
        channels.Dispose();
    }
}
