using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Checkpoints;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models;

/// <summary>A checkpoint ready to classify, in evaluation mode.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly Func<Tensor, Tensor> forward;
    private readonly IDisposable owner;

    public LoadedModel(CheckpointInspection inspection, Func<Tensor, Tensor> forward, IDisposable owner)
    {
        Inspection = inspection;
        this.forward = forward;
        this.owner = owner;
    }

    public CheckpointInspection Inspection { get; }

    /// <summary>
    /// Logits [N, classes] of normalised float32 images [N, 3, H, W] on the model's device. The caller disposes them;
    /// everything else is freed here.
    /// </summary>
    public Tensor Forward(Tensor images)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        try
        {
            return forward(images).MoveToOuterDisposeScope();
        }
        catch (ExternalException e)
        {
            throw LibtorchError.Refuse($"The network fails on images of {images.shape[2]}×{images.shape[3]}", e);
        }
        catch (InvalidCastException)
        {
            throw Refused.Unrecognised("The program gives something else than one tensor of logits.");
        }
    }

    public void Dispose()
    {
        // A TorchScript module makes new handles of its parameters while it is disposed of.
        using var scope = NewDisposeScope();
        owner.Dispose();
    }
}
