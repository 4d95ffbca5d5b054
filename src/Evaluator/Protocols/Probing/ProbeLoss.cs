using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>The objective without its penalty at one point [K, D + 1], the weights beside the bias.</summary>
/// <param name="CrossEntropy">Weighted sum over the samples.</param>
/// <param name="Gradient">[K, D + 1]: the sum of w (p - y) times the features and one.</param>
/// <param name="Inflow">[K]: what each class is given of samples that are not its own, the sum of their w p.</param>
/// <param name="Misses">[N]: 1 - p of each sample's own class.</param>
internal sealed record ProbeLoss(double CrossEntropy, Tensor Gradient, Tensor Inflow, Tensor Misses);
