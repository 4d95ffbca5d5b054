using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// MLP-Mixer, Tolstikhin et al. 2021, https://arxiv.org/abs/2105.01601. Source: huggingface/pytorch-image-models v0.9.2,
/// timm/models/mlp_mixer.py.
/// </summary>
internal static class MlpMixer
{
    private const double Epsilon = 1e-6;
    private const int Patch = 16;
    private const int PublishedTokens = 196;
    private const int Width = 768;

    public static IEnumerable<Architecture> Architectures =>
    [
        new("mixer_b_16", classes => Create(PublishedTokens, classes), [Width]) { InSizesOf = Adapt },
    ];

    private static Network Create(int tokens, int classCount)
    {
        var net = new NetworkBuilder();
        var x = net.Tokens("stem.proj", net.Images, Width, Patch);
        for (var block = 0; block < 12; block++)
        {
            var name = $"blocks.{block}";
            net.Block(name);
            var y = net.LayerNorm($"{name}.norm1", x, Epsilon);
            y = net.Add(new Permutation(y, [0, 2, 1], tokens));
            y = net.Mlp($"{name}.mlp_tokens.fc1", $"{name}.mlp_tokens.fc2", y, Width / 2);
            x = net.Sum(x, net.Add(new Permutation(y, [0, 2, 1], Width)));
            y = net.LayerNorm($"{name}.norm2", x, Epsilon);
            x = net.Sum(x, net.Mlp($"{name}.mlp_channels.fc1", $"{name}.mlp_channels.fc2", y, 4 * Width));
        }
        var features = net.Add(new Mean(net.LayerNorm("norm", x, Epsilon), [1]));
        return net.Build(features, net.Linear("head", features, classCount)) with
        {
            Takes = new TakenSizes((int)Math.Sqrt(tokens) * Patch),
        };
    }

    private static Func<int, Network>? Adapt(StateDict state)
    {
        if (state.Find("blocks.0.mlp_tokens.fc1.weight")?.Tensor.Shape is not [_, > 0 and var tokens])
        {
            return null;
        }
        var side = (int)Math.Sqrt(tokens);
        return side <= TransformerSize.MostSide && side * side == tokens
            ? classes => Create(side * side, classes)
            : null;
    }
}
