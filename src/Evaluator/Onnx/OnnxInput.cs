using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Onnx;

/// <summary>The images that an ONNX model takes, float32.</summary>
/// <param name="Layout">Three planes, pixels with their channels last, or one plane.</param>
/// <param name="Batch">Number of images, where the model fixes it.</param>
/// <param name="Height">Height, where the model fixes it.</param>
/// <param name="Width">Width, where the model fixes it.</param>
internal sealed record OnnxInput(PixelLayout Layout, int? Batch, int? Height, int? Width)
{
    private const int Float32 = 1;
    private const int MaxBatch = 4096;

    public static OnnxInput Of(TypeProto.Types.Tensor? type)
    {
        var sizes = OnnxDescription.Sizes(type?.Shape);
        if (type is not { ElemType: Float32 } || sizes.Count != 4)
        {
            throw Mismatch(
                $"The ONNX model takes {OnnxDescription.DtypeName(type?.ElemType ?? 0)} of {sizes.Count} axes; "
                + "float32 images [N, 3, H, W], [N, 1, H, W] or [N, H, W, 3] are needed.");
        }
        return (sizes[1], sizes[3]) switch
        {
            (1, _) => At(PixelLayout.Luma, sizes, height: 2),
            (3 or null, _) => At(PixelLayout.Planes, sizes, height: 2),
            (_, 3) => At(PixelLayout.ChannelsLast, sizes, height: 1),
            _ => throw Mismatch($"The ONNX model takes images of {sizes[1]} channels; three or one are needed."),
        };
    }

    /// <summary>The batches that it takes of images of this size.</summary>
    public BatchFormat FormatOf(ImageSize image)
    {
        if ((Height ?? image.Height, Width ?? image.Width) != (image.Height, image.Width))
        {
            throw Mismatch(
                $"The ONNX model takes images of {Width} × {Height} pixels, the eval transform makes them {image}. "
                + "Declare the network's own as eval_transform, or export it with open sizes.");
        }
        return Batch is { } size ? new BatchFormat(Layout, size) : BatchFormat.ForCpu(Layout, image);
    }

    /// <summary>The shape of a batch of so many images.</summary>
    public long[] ShapeOf(int count, ImageSize image) => Layout switch
    {
        PixelLayout.ChannelsLast => [count, image.Height, image.Width, 3],
        PixelLayout.Luma => [count, 1, image.Height, image.Width],
        _ => [count, 3, image.Height, image.Width],
    };

    private static OnnxInput At(PixelLayout layout, IReadOnlyList<long?> sizes, int height)
    {
        if (sizes[0] > MaxBatch || sizes[height] > int.MaxValue || sizes[height + 1] > int.MaxValue)
        {
            throw Mismatch("The ONNX model takes batches or images larger than any dataset's.");
        }
        return new OnnxInput(layout, (int?)sizes[0], (int?)sizes[height], (int?)sizes[height + 1]);
    }

    private static EvaluationFailedException Mismatch(string message) => new(FailureCodes.InputMismatch, message);
}
