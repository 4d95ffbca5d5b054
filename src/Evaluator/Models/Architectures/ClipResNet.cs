using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// The image tower of CLIP's RN50: a ResNet-50 with three convolutions before the blocks, strides by average pools, and
/// attention in place of the last pool. It gives features [N, 1024] of images of 224 pixels and has no classifier.
/// Radford et al. 2021, https://arxiv.org/abs/2103.00020, section 2.4. Sources:
/// https://github.com/openai/CLIP/blob/3bee28119e6b28e75b82b811b87b56935314e6a5/clip/model.py, <c>ModifiedResNet</c>;
/// https://github.com/huggingface/pytorch-image-models/blob/v1.0.9/timm/models/byobnet.py, <c>resnet50_clip</c>.
/// </summary>
internal sealed class ClipResNet
{
    public static readonly IReadOnlyList<Architecture> Architectures = [Named(Names.OfOpenAi), Named(Names.OfTimm)];

    private const int EmbeddingWidth = 1024;
    private const int HeadCount = 32;
    private const int Side = 224;
    private const int PlaceCount = (Side / 32 * (Side / 32)) + 1;
    private static readonly int[] Depths = [3, 4, 6, 3];

    private readonly Names names;
    private readonly NetworkBuilder net = new();

    private ClipResNet(Names names) => this.names = names;

    private static Architecture Named(Names names) =>
        new("clip_resnet50", _ => new ClipResNet(names).Create(), HeadShape: null);

    private Network Create()
    {
        var x = net.Relu(Unit(names.Stem(1), net.Images, 32, kernel: 3, stride: 2));
        x = net.Relu(Unit(names.Stem(2), x, 32, kernel: 3));
        x = net.Relu(Unit(names.Stem(3), x, 64, kernel: 3));
        x = net.AveragePool(x, kernel: 2, stride: 2);
        for (var stage = 0; stage < Depths.Length; stage++)
        {
            for (var block = 0; block < Depths[stage]; block++)
            {
                x = Block(names.Block(stage, block), x, 64 << stage, halves: stage > 0 && block == 0);
            }
        }
        return net.Build(Attend(x), logits: null) with { Takes = new TakenSizes(Side) };
    }

    private Value Block(string name, Value x, int width, bool halves)
    {
        var y = net.Relu(Unit(names.Unit(name, 1), x, width, kernel: 1));
        y = net.Relu(Unit(names.Unit(name, 2), y, width, kernel: 3));
        y = Unit(names.Unit(name, 3), halves ? Halved(y) : y, 4 * width, kernel: 1);
        var shortcut = x.Channels == 4 * width ? x : Unit(names.Shortcut(name), halves ? Halved(x) : x, 4 * width, kernel: 1);
        return net.Relu(net.Sum(y, shortcut));
    }

    private Value Halved(Value x) => net.AveragePool(x, kernel: 2, stride: 2);

    // Only the mean's token asks: what the others would be told is thrown away.
    private Value Attend(Value x)
    {
        var tokens = net.Add(new PooledTokens(names.Pool, names.Embedding, x, PlaceCount));
        var key = net.Linear(names.Key, tokens, x.Channels);
        var query = net.Linear(names.Query, net.Add(new FirstToken(tokens)), x.Channels);
        var value = net.Linear(names.Value, tokens, x.Channels);
        return net.Linear(
            names.Projection, net.Add(new SingleQueryAttention(query, key, value, HeadCount)), EmbeddingWidth);
    }

    private Value Unit(UnitNames unit, Value x, int outputs, int kernel, int stride = 1) =>
        net.BatchNorm(unit.Norm, net.Convolution(unit.Convolution, x, outputs, kernel, stride, padding: kernel / 2));

    private sealed record Names(
        Func<int, UnitNames> Stem, Func<int, int, string> Block, Func<string, int, UnitNames> Unit,
        Func<string, UnitNames> Shortcut, string Pool, string Embedding, string Query, string Key, string Value,
        string Projection)
    {
        public static readonly Names OfOpenAi = new(
            place => new($"conv{place}", $"bn{place}"),
            (stage, block) => $"layer{stage + 1}.{block}",
            (block, place) => new($"{block}.conv{place}", $"{block}.bn{place}"),
            block => new($"{block}.downsample.0", $"{block}.downsample.1"),
            "attnpool", "positional_embedding", "attnpool.q_proj", "attnpool.k_proj", "attnpool.v_proj",
            "attnpool.c_proj");

        public static readonly Names OfTimm = new(
            place => new($"stem.conv{place}.conv", $"stem.conv{place}.bn"),
            (stage, block) => $"stages.{stage}.{block}",
            (block, place) => Of($"{block}.conv{place}_{(place == 2 ? "kxk" : "1x1")}"),
            block => Of($"{block}.shortcut.conv"),
            "head", "pos_embed", "head.q", "head.k", "head.v", "head.proj");

        private static UnitNames Of(string name) => new($"{name}.conv", $"{name}.bn");
    }
}
