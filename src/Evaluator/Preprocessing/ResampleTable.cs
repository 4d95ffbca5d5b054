namespace Leaderboard.Evaluator.Preprocessing;

/// <summary>
/// For each place of a resized row or column the source places that it is summed from, and their weights in 22-bit
/// fixed point, as Pillow's <c>precompute_coeffs</c> and <c>normalize_coeffs_8bpc</c> make them. The arrays are kept
/// from one image to the next.
/// </summary>
internal sealed class ResampleTable
{
    /// <summary>Bits behind the binary point of a weight.</summary>
    public const int Precision = 22;

    /// <summary>The width of a weight's low part; see <see cref="Low"/>.</summary>
    public const int LowBits = 15;

    /// <summary>Vector code takes this many weights at a time; behind the last there are zeros.</summary>
    public const int Group = 4;

    private (ResampleFilter? Filter, int Source, int Resized, int First, int Count) made;
    private double[] exact = [];

    /// <summary>Places in this table.</summary>
    public int Count => made.Count;

    /// <summary>The first source place of each.</summary>
    public int[] Starts { get; private set; } = [];

    /// <summary>How many source places each has, 1 or more.</summary>
    public int[] Lengths { get; private set; } = [];

    /// <summary>
    /// Distance in <see cref="Weights"/> from one place to the next, a multiple of <see cref="Group"/>.
    /// </summary>
    public int Stride { get; private set; }

    public int[] Weights { get; private set; } = [];

    /// <summary>
    /// The weights' low <see cref="LowBits"/> bits; <see cref="High"/> has the signed rest. Vector code multiplies
    /// 16-bit numbers, and the parts' sums make the same integer as the whole weights'.
    /// </summary>
    public short[] Low { get; private set; } = [];

    public short[] High { get; private set; } = [];

    /// <summary>First source place that any place of this table is summed from.</summary>
    public int FirstSource => Starts[0];

    /// <summary>One past the last source place that any place of this table is summed from.</summary>
    public int EndSource => Starts[Count - 1] + Lengths[Count - 1];

    /// <summary>
    /// Fills the table for the places [first, first + count) of a row that is resized from source to resized.
    /// </summary>
    public void Make(ResampleFilter filter, int source, int resized, int first, int count)
    {
        if (made == (filter, source, resized, first, count))
        {
            return;
        }
        made = (filter, source, resized, first, count);
        var scale = (double)source / resized;
        var stretch = Math.Max(scale, 1.0);
        var support = filter.Support * stretch;
        Reserve(count, ((int)Math.Ceiling(support) * 2) + 1);
        for (var i = 0; i < count; i++)
        {
            var centre = (first + i + 0.5) * scale;
            var start = Math.Max((int)(centre - support + 0.5), 0);
            var length = Math.Min((int)(centre + support + 0.5), source) - start;
            var sum = 0.0;
            for (var j = 0; j < length; j++)
            {
                exact[j] = filter.Weight((j + start - centre + 0.5) * (1.0 / stretch));
                sum += exact[j];
            }
            Starts[i] = start;
            Lengths[i] = length;
            Round(exact.AsSpan(0, length), sum, i * Stride);
        }
    }

    private void Reserve(int count, int most)
    {
        Stride = (most + Group - 1) / Group * Group;
        if (exact.Length < most)
        {
            exact = new double[most];
        }
        if (Starts.Length < count)
        {
            (Starts, Lengths) = (new int[count], new int[count]);
        }
        var weights = checked(count * Stride);
        if (Weights.Length < weights)
        {
            (Weights, Low, High) = (new int[weights], new short[weights], new short[weights]);
        }
    }

    private void Round(ReadOnlySpan<double> place, double sum, int at)
    {
        for (var j = 0; j < Stride; j++)
        {
            var weight = j < place.Length ? (sum != 0.0 ? place[j] / sum : place[j]) * (1 << Precision) : 0.0;
            var rounded = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            Weights[at + j] = rounded;
            Low[at + j] = (short)(rounded & ((1 << LowBits) - 1));
            High[at + j] = (short)(rounded >> LowBits);
        }
    }
}
