using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Models;

/// <summary>The sizes of images that a network takes, where its tensors or its definition bind it to some.</summary>
/// <param name="Side">Width and height.</param>
/// <param name="HasMultiples">Whether any multiples of it do as well, each for itself.</param>
internal sealed record TakenSizes(int Side, bool HasMultiples = false)
{
    /// <exception cref="EvaluationFailedException">The network takes no images of this size.</exception>
    public void Check(ImageSize image)
    {
        var isTaken = HasMultiples
            ? image.Width % Side == 0 && image.Height % Side == 0
            : image.Width == Side && image.Height == Side;
        if (!isTaken)
        {
            throw new EvaluationFailedException(
                FailureCodes.ImageSizeMismatch,
                $"The network takes images of {new ImageSize(Side, Side)}{(HasMultiples ? " or multiples of it" : "")} "
                + $"alone; the eval transform gives {image}. Declare an eval_transform of the checkpoint's own.");
        }
    }
}
