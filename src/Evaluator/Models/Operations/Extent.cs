namespace Leaderboard.Evaluator.Models.Operations;

/// <summary>Height and width of a kernel, or its steps along both.</summary>
internal readonly record struct Extent(int Height, int Width)
{
    public long[] Sizes => [Height, Width];

    public static implicit operator Extent(int side) => new(side, side);
}

/// <summary>Pixels added on each side.</summary>
internal readonly record struct Padding(int Top, int Left, int Bottom, int Right)
{
    /// <summary>
    /// As much as gives one output for each step of the stride, as TensorFlow pads: it depends on the image, and its odd
    /// pixel goes below and to the right.
    /// </summary>
    public static Padding Same { get; } = new() { IsSame = true };

    public bool IsSame { get; private init; }

    public bool IsSymmetric => Top == Bottom && Left == Right;

    /// <summary>As ONNX orders them.</summary>
    public long[] Sizes => [Top, Left, Bottom, Right];

    /// <summary>The pixels of <see cref="Same"/> for an image.</summary>
    public static Padding SameFor(long height, long width, Extent kernel, Extent stride)
    {
        var (rows, columns) = (Missing(height, kernel.Height, stride.Height), Missing(width, kernel.Width, stride.Width));
        return new Padding(rows / 2, columns / 2, rows - (rows / 2), columns - (columns / 2));
    }

    public static implicit operator Padding(int side) => new(side, side, side, side);

    public static implicit operator Padding(Extent half) => new(half.Height, half.Width, half.Height, half.Width);

    private static int Missing(long length, int kernel, int stride) =>
        (int)Math.Max(0, ((((length + stride - 1) / stride) - 1) * stride) + kernel - length);
}
