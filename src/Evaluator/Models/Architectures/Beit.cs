using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// BEiT, Bao et al. 2021, https://arxiv.org/abs/2106.08254: a Vision Transformer whose attention adds biases by the
/// tokens' distance, and whose branches are scaled. Sources: microsoft/unilm, beit/modeling_finetune.py;
/// huggingface/pytorch-image-models v0.9.2, timm/models/beit.py, with the same names.
/// </summary>
internal static class Beit
{
    private const string SharedBias = "rel_pos_bias";
    private const string Positions = "pos_embed";
    private const int Patch = 16;
    private const int PublishedSide = 14;

    public static IEnumerable<Architecture> Architectures =>
    [
        Of("beit_b_16", new TransformerSize(768, 12, 12)),
        Of("beit_l_16", new TransformerSize(1024, 24, 16)),
    ];

    private static Architecture Of(string name, TransformerSize size)
    {
        var options = new Options(size, PublishedSide, SharesBias: false, HasPositions: false, TakesMean: true);
        return new Architecture(name, classes => Create(options, classes), [size.Width])
        {
            InSizesOf = state => Adapt(options, state),
        };
    }

    private static Network Create(Options options, int classCount)
    {
        var net = new NetworkBuilder();
        var window = new RelativePositions(options.Side, hasClassToken: true);
        var positions = net.Add(window);
        Value Bias(string name) => net.Add(new PositionBias(
            name, positions, window, options.Size.Heads,
            ExpectedTensor.Ignored($"{name}.relative_position_index", window.Tokens, window.Tokens)));

        var x = net.Tokens("patch_embed.proj", net.Images, options.Size.Width, Patch);
        x = net.Add(new ClassTokenAndPositions(
            "cls_token", options.HasPositions ? Positions : null, x, options.Side * options.Side));
        Value? shared = options.SharesBias ? Bias(SharedBias) : null;
        for (var block = 0; block < options.Size.Depth; block++)
        {
            var name = $"blocks.{block}";
            x = Block(net, name, x, options.Size.Heads, shared ?? Bias($"{name}.attn"));
        }
        var features = options.TakesMean
            ? net.LayerNorm("fc_norm", net.Add(new Mean(x, [1], skip: 1)), VisionTransformer.Epsilon)
            : net.LayerNorm("norm", net.Add(new FirstToken(x)), VisionTransformer.Epsilon);
        return net.Build(features, net.Linear("head", features, classCount)) with
        {
            Takes = new TakenSizes(options.Side * Patch),
        };
    }

    private static Value Block(NetworkBuilder net, string name, Value x, int heads, Value bias)
    {
        net.Block(name);
        var y = net.LayerNorm($"{name}.norm1", x, VisionTransformer.Epsilon);
        y = net.Add(new QueryKeyValue(
            $"{name}.attn", y, $"{name}.attn.qkv.weight", $"{name}.attn.q_bias", $"{name}.attn.v_bias"));
        y = net.Linear($"{name}.attn.proj", net.Add(new Attention(y, heads, bias)), x.Channels);
        x = net.Sum(x, net.Add(new LayerScale($"{name}.gamma_1", y, [x.Channels])));
        y = net.LayerNorm($"{name}.norm2", x, VisionTransformer.Epsilon);
        y = net.Mlp($"{name}.mlp.fc1", $"{name}.mlp.fc2", y, 4 * x.Channels);
        return net.Sum(x, net.Add(new LayerScale($"{name}.gamma_2", y, [x.Channels])));
    }

    private static Func<int, Network>? Adapt(Options options, StateDict state)
    {
        var shares = state.Find($"{SharedBias}.relative_position_bias_table");
        var table = shares ?? state.Find("blocks.0.attn.relative_position_bias_table");
        if (table?.Tensor.Shape is not [> 3 and var rows, _] || WindowSide.Of(rows - 3) is not { } side)
        {
            return null;
        }
        var found = options with
        {
            Side = side,
            SharesBias = shares != null,
            HasPositions = state.Find(Positions) != null,
            TakesMean = state.Find("norm.weight") == null,
        };
        return classes => Create(found, classes);
    }

    private sealed record Options(TransformerSize Size, int Side, bool SharesBias, bool HasPositions, bool TakesMean);
}

/// <summary>The side of a window by the size of its table of biases.</summary>
internal static class WindowSide
{
    /// <param name="rows">Rows of the table: (2·side − 1)².</param>
    public static int? Of(long rows)
    {
        var distances = (long)Math.Sqrt(rows);
        return distances * distances == rows && distances % 2 == 1 && distances < 2 * TransformerSize.MostSide
            ? (int)(distances + 1) / 2
            : null;
    }
}
