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
    public bool IsSymmetric => Top == Bottom && Left == Right;

    /// <summary>As ONNX orders them.</summary>
    public long[] Sizes => [Top, Left, Bottom, Right];

    public static implicit operator Padding(int side) => new(side, side, side, side);

    public static implicit operator Padding(Extent half) => new(half.Height, half.Width, half.Height, half.Width);
}
