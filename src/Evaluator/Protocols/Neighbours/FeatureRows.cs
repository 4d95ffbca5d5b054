using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Neighbours;

/// <summary>Features [N, D] as the rows of memory that they are, without a copy: float32, on the CPU, contiguous.</summary>
internal sealed unsafe class FeatureRows
{
    private readonly Tensor features;
    private readonly float* first;

    public FeatureRows(Tensor features)
    {
        if (features.dim() != 2 || features.dtype != ScalarType.Float32
            || features.device.type != TorchSharp.DeviceType.CPU || !features.is_contiguous())
        {
            throw new ArgumentException("Features are a contiguous float32 matrix on the CPU.", nameof(features));
        }
        // Held, so that the memory lives as long as its rows.
        this.features = features;
        first = (float*)TorchView.AddressOf(features);
        (Count, Width) = (checked((int)features.shape[0]), checked((int)features.shape[1]));
    }

    public int Count { get; }

    public int Width { get; }

    public ReadOnlySpan<float> this[int row] => new(first + ((long)row * Width), Width);

    /// <summary>Some consecutive rows as a tensor of the same memory.</summary>
    public Tensor Block(int start, int count) => features.narrow(0, start, count);
}
