using Leaderboard.Shared.Evaluations;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Protocols.Probing;

/// <summary>
/// The samples of a probe as its heads see them, on the features' device: in the coordinates of
/// <see cref="FeatureBasis"/> with a one at the end, so that the bias is a column of each point. Only classes that have
/// samples are there: the optimal bias of another is minus infinity.
/// </summary>
internal sealed class ProbeSamples
{
    // Logits of a block stay in a CPU's cache; a GPU wants more at once.
    private const long BlockNumbers = 1 << 22;
    private const long GpuBlockNumbers = 1 << 26;

    private readonly FeatureBasis basis;
    private readonly int classCount;
    private readonly Tensor classes;
    private readonly int[] present;
    private readonly Tensor samples;
    private readonly Tensor weights;

    public ProbeSamples(Tensor features, IReadOnlyList<int> targets, int classCount)
    {
        this.classCount = classCount;
        present = [.. targets.Distinct().Order()];
        var device = features.device;
        classes = tensor(targets.Select(target => (long)Array.BinarySearch(present, target)).ToArray(), device: device);
        weights = tensor(ChunkWeights.Of(targets.Count), device: device);

        var (width, blocks) = (features.shape[1], Blocks(features.shape[1]));
        RefuseNonFinite(features, blocks);
        basis = new FeatureBasis(features, weights, blocks);
        samples = ones([targets.Count, width + 1], device: device);
        Spectrum = cat([basis.Spectrum, weights.sum().unsqueeze(0)]);
        ClassSums = zeros([present.Length, width + 1], device: device);
        foreach (var (first, length) in blocks)
        {
            using var scope = NewDisposeScope();
            var block = samples.narrow(0, first, length);
            basis.Write(features.narrow(0, first, length), block.narrow(1, 0, width));
            var shares = zeros([length, present.Length], device: device)
                .scatter_(1, classes.narrow(0, first, length).unsqueeze(1), weights.narrow(0, first, length).unsqueeze(1));
            ClassSums.addmm_(shares.t(), block);
        }
        Weights = weights.to(ScalarType.Float64);
        ClassWeights = ClassSums.select(1, -1).to(ScalarType.Float64);
    }

    /// <summary>What each sample weighs, [N], float64.</summary>
    public Tensor Weights { get; }

    /// <summary>What each class weighs, [K], float64.</summary>
    public Tensor ClassWeights { get; }

    /// <summary>The weighted sum of each class's samples, [K, D + 1].</summary>
    public Tensor ClassSums { get; }

    /// <summary>The weighted second moment of each coordinate, [D + 1].</summary>
    public Tensor Spectrum { get; }

    /// <summary>The best head without weights: each class's share as its probability.</summary>
    public Tensor Origin()
    {
        var origin = zeros_like(ClassSums);
        origin.select(1, -1).copy_((ClassWeights / ClassWeights.sum()).log());
        return origin;
    }

    /// <summary>The loss at each of the points [K, D + 1], by one product with the samples for all of them.</summary>
    public IReadOnlyList<ProbeLoss> LossAt(IReadOnlyList<Tensor> points, CancellationToken cancellationToken)
    {
        var (heads, classCount, device) = (points.Count, points[0].shape[0], samples.device);
        var stacked = cat([.. points]);
        var gradient = zeros_like(stacked);
        var crossEntropy = zeros(heads, ScalarType.Float64, device);
        var inflow = zeros([heads, classCount], device: device);
        var misses = empty([heads, samples.shape[0]], device: device);
        var blocks = Blocks(stacked.shape[0]);
        var buffer = empty([blocks[0].Length, stacked.shape[0]], device: device);
        foreach (var (first, length) in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var block = samples.narrow(0, first, length);
            var weight = weights.narrow(0, first, length).unsqueeze(1);
            var own = classes.narrow(0, first, length).view(length, 1, 1).expand(length, heads, 1);
            var products = buffer.narrow(0, 0, length).addmm_(block, stacked.t(), beta: 0);

            // What is small is summed, never what is left of one: at small penalties nearly every p of an own class is 1.
            var logits = products.view(length, heads, classCount);
            logits.sub_(logits.amax([-1], keepdim: true));
            var ownLogit = logits.gather(-1, own);
            logits.exp_().scatter_(-1, own, zeros_like(ownLogit));
            var others = logits.sum(-1);
            ownLogit = ownLogit.squeeze(-1);
            var all = others + ownLogit.exp();
            crossEntropy.add_(((others.log() - ownLogit).softplus() * weight).sum(0, type: ScalarType.Float64));
            logits.mul_((weight / all).unsqueeze(-1));
            // By its name: sum(0) is the sum as bytes.
            inflow.add_(logits.sum(dim: 0));
            var miss = others / all;
            misses.narrow(1, first, length).copy_(miss.t());
            logits.scatter_(-1, own, (miss * weight).neg_().unsqueeze(-1));
            gradient.addmm_(products.t(), block);
        }
        var sums = crossEntropy.cpu().data<double>().ToArray();
        return
        [
            .. Enumerable.Range(0, heads).Select(head => new ProbeLoss(
                sums[head], gradient.narrow(0, head * classCount, classCount), inflow[head], misses[head])),
        ];
    }

    /// <summary>Weights [K, D] and bias [K] of all classes for the features as they came.</summary>
    public (Tensor Weight, Tensor Bias) Restore(Tensor point)
    {
        var (weight, bias) = basis.Restore(point);
        var places = tensor(present.Select(target => (long)target).ToArray(), device: weight.device);
        return (
            zeros([classCount, weight.shape[1]], device: weight.device).index_copy_(0, places, weight),
            full([classCount], float.MinValue, device: weight.device).index_copy_(0, places, bias));
    }

    private (long First, long Length)[] Blocks(long width)
    {
        var (count, numbers) = (classes.shape[0], classes.device_type == DeviceType.CUDA ? GpuBlockNumbers : BlockNumbers);
        var rows = Math.Clamp(numbers / width, 1, count);
        return [.. Enumerable.Range(0, (int)((count + rows - 1) / rows)).Select(i => (i * rows, Math.Min(rows, count - (i * rows))))];
    }

    private static void RefuseNonFinite(Tensor features, IEnumerable<(long First, long Length)> blocks)
    {
        foreach (var (first, length) in blocks)
        {
            using var scope = NewDisposeScope();
            var broken = features.narrow(0, first, length).isfinite().logical_not_().any(1);
            if (broken.any().ToBoolean())
            {
                var sample = (int)(first + broken.to(ScalarType.Int32).argmax().ToInt64());
                throw new EvaluationFailedException(
                    FailureCodes.OutputNotFinite, "The network answers with features that are not finite.")
                { Sample = sample };
            }
        }
    }
}
