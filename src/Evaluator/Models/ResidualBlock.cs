using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models;

/// <summary>
/// Convolutions, each with its batch norm, ReLU between them, and a shortcut around them; ReLU after the sum.
/// He et al. 2015, https://arxiv.org/abs/1512.03385, figures 2 and 5.
/// </summary>
/// <param name="body">The convolutions in the order in which they run.</param>
/// <param name="shortcut">What is done to the input before it is added; null to add it as it is.</param>
internal sealed class ResidualBlock(
    IReadOnlyList<(Convolution Convolution, BatchNorm Norm)> body, Func<Tensor, Tensor>? shortcut)
{
    public Tensor Forward(Tensor x) => Network.Scoped(() =>
    {
        var y = x;
        for (var i = 0; i < body.Count; i++)
        {
            y = body[i].Norm.Forward(body[i].Convolution.Forward(y));
            if (i < body.Count - 1)
            {
                y.relu_();
            }
        }
        return y.add_(shortcut == null ? x : shortcut(x)).relu_();
    });
}
