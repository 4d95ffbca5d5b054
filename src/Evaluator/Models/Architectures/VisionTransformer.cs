using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// Vision Transformer, Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929, DeiT's too. Sources: torchvision 0.14.1,
/// models/vision_transformer.py; huggingface/pytorch-image-models v0.9.2, timm/models/vision_transformer.py;
/// facebookresearch/mae, models_vit.py, for the mean of the tokens (<c>global_pool</c>, as timm's <c>avg</c>).
/// </summary>
internal static class VisionTransformer
{
    /// <summary>Of every LayerNorm: torchvision and timm agree on it, against PyTorch's 1e-5.</summary>
    public const double Epsilon = 1e-6;

    private const int PublishedSide = 224;

    private static readonly int[] Patches = [8, 14, 16, 32];

    private static readonly Dictionary<string, TransformerSize> Sizes = new()
    {
        ["ti"] = new(192, 12, 3),
        ["s"] = new(384, 12, 6),
        ["b"] = new(768, 12, 12),
        ["l"] = new(1024, 24, 16),
    };

    public static IEnumerable<Architecture> Architectures => Published.Append(OfMoCo);

    // facebookresearch/moco-v3, vits.py, vit_small: the tensors of timm's, its positions fixed.
    private static Architecture OfMoCo
    {
        get
        {
            var options = new Options(Sizes["s"] with { Heads = 12 }, 16, PublishedSide / 16, Names.OfTimm);
            return new Architecture(
                "vit_s_16_moco_v3", classes => Create(options, classes), [options.Size.Width], "12 heads, as MoCo v3's")
            {
                InSizesOf = state => Adapt(options, state),
                IsPossible = state => SineCosinePositions.Has(state, options.Names.Positions, options.Size.Width),
            };
        }
    }

    private static IEnumerable<Architecture> Published =>
        from size in Sizes
        from patch in Patches
        from names in new[] { Names.OfTorchvision, Names.OfOldTorchvision, Names.OfTimm, Names.OfTimmWithMean }
        let suffix = names == Names.OfTimmWithMean ? "_mean" : ""
        let options = new Options(size.Value, patch, PublishedSide / patch, names)
        select new Architecture(
            $"vit_{size.Key}_{patch}{suffix}", classes => Create(options, classes), [size.Value.Width],
            $"{size.Value.Heads} heads")
        {
            InSizesOf = state => Adapt(options, state),
        };

    private static Network Create(Options options, int classCount)
    {
        var (size, names) = (options.Size, options.Names);
        var net = new NetworkBuilder();
        var x = net.Tokens(names.Patches, net.Images, size.Width, options.Patch);
        x = net.Add(new ClassTokenAndPositions(names.Token, names.Positions, x, options.Side * options.Side));
        for (var block = 0; block < size.Depth; block++)
        {
            x = Block(net, names, $"{names.Block}{block}", x, size.Heads);
        }
        var pooled = names.TakesMean ? net.Add(new Mean(x, [1], skip: 1)) : net.Add(new FirstToken(x));
        var features = net.LayerNorm(names.LastNorm, pooled, Epsilon);
        return net.Build(features, net.Linear(names.Head, features, classCount)) with
        {
            Takes = new TakenSizes(options.Side * options.Patch),
        };
    }

    private static Value Block(NetworkBuilder net, Names names, string name, Value x, int heads)
    {
        net.Block(name);
        var y = net.LayerNorm($"{name}.{names.Norms[0]}", x, Epsilon);
        y = net.Add(new QueryKeyValue(
            $"{name}.{names.Attention}", y, $"{name}.{names.Projection[0]}", $"{name}.{names.Projection[1]}"));
        y = net.Linear($"{name}.{names.Out}", net.Add(new Attention(y, heads)), x.Channels);
        x = net.Sum(x, y);
        y = net.LayerNorm($"{name}.{names.Norms[1]}", x, Epsilon);
        return net.Sum(x, net.Mlp($"{name}.{names.Mlp[0]}", $"{name}.{names.Mlp[1]}", y, 4 * x.Channels));
    }

    // The number of positions is what tells the size of the images.
    private static Func<int, Network>? Adapt(Options options, StateDict state)
    {
        if (state.Find(options.Names.Positions)?.Tensor.Shape is not [1, > 1 and var positions, _])
        {
            return null;
        }
        var side = (int)Math.Sqrt(positions - 1);
        return side <= TransformerSize.MostSide && (side * side) + 1 == positions
            ? classes => Create(options with { Side = side }, classes)
            : null;
    }

    private sealed record Options(TransformerSize Size, int Patch, int Side, Names Names);

    private sealed record Names(
        string Token, string Positions, string Patches, string Block, string[] Norms, string Attention,
        string[] Projection, string Out, string[] Mlp, string LastNorm, string Head, bool TakesMean = false)
    {
        public static readonly Names OfTorchvision = new(
            "class_token", "encoder.pos_embedding", "conv_proj", "encoder.layers.encoder_layer_", ["ln_1", "ln_2"],
            "self_attention", ["self_attention.in_proj_weight", "self_attention.in_proj_bias"],
            "self_attention.out_proj", ["mlp.0", "mlp.3"], "encoder.ln", "heads.head");

        // Until torchvision 0.13; the files that it publishes still have these.
        public static readonly Names OfOldTorchvision = OfTorchvision with { Mlp = ["mlp.linear_1", "mlp.linear_2"] };

        public static readonly Names OfTimm = new(
            "cls_token", "pos_embed", "patch_embed.proj", "blocks.", ["norm1", "norm2"], "attn.qkv",
            ["attn.qkv.weight", "attn.qkv.bias"], "attn.proj", ["mlp.fc1", "mlp.fc2"], "norm", "head");

        public static readonly Names OfTimmWithMean = OfTimm with { LastNorm = "fc_norm", TakesMean = true };
    }
}

/// <summary>Size of a transformer.</summary>
/// <param name="Width">Channels of a token.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="Heads">Heads of each block's attention.</param>
internal sealed record TransformerSize(int Width, int Depth, int Heads)
{
    /// <summary>The most tokens along an image's side that a file's sizes are believed for.</summary>
    public const int MostSide = 64;
}
