using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Operations;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// Swin Transformer, Liu et al. 2021, https://arxiv.org/abs/2103.14030. Sources: torchvision 0.14.1,
/// models/swin_transformer.py; microsoft/Swin-Transformer, models/swin_transformer.py (timm's names until 0.6 too);
/// huggingface/pytorch-image-models v0.9.2, timm/models/swin_transformer.py. torchvision fills maps up to a multiple of
/// the window; the others refuse such images, and so does this network under their names.
/// </summary>
internal static class SwinTransformer
{
    private const double Epsilon = 1e-5;
    private const int Patch = 4;
    private const int PublishedWindow = 7;
    private const int Stages = 4;

    public static IEnumerable<Architecture> Architectures =>
        from size in new[]
        {
            new Size("swin_t", 96, [2, 2, 6, 2], [3, 6, 12, 24]), new Size("swin_s", 96, [2, 2, 18, 2], [3, 6, 12, 24]),
            new Size("swin_b", 128, [2, 2, 18, 2], [4, 8, 16, 32]),
        }
        from names in new[] { Names.OfTorchvision, Names.OfMicrosoft, Names.OfTimm }
        let windows = Enumerable.Repeat(PublishedWindow, Stages).ToArray()
        let options = new Options(size, names, windows, ImageSide: null)
        select new Architecture(size.Name, classes => Create(options, classes), [8 * size.Width])
        {
            InSizesOf = state => Adapt(options, state),
        };

    private static Network Create(Options options, int classCount)
    {
        var (size, names) = (options.Size, options.Names);
        var net = new NetworkBuilder();
        var x = net.Convolution(names.Patches, net.Images, size.Width, kernel: Patch, stride: Patch, bias: true);
        x = net.LayerNorm(names.PatchNorm, net.ChannelsLast(x), Epsilon);
        for (var stage = 0; stage < Stages; stage++)
        {
            if (stage > 0)
            {
                var name = names.Merging(stage);
                x = net.LayerNorm($"{name}.norm", net.Add(new Neighbours(x)), Epsilon);
                x = net.Linear($"{name}.reduction", x, size.Width << stage, bias: false);
            }
            x = Stage(net, options, stage, x);
        }
        var features = net.Add(new Mean(net.LayerNorm("norm", x, Epsilon), [1, 2]));
        return net.Build(features, net.Linear(names.Head, features, classCount)) with { Takes = options.Takes };
    }

    private static Value Stage(NetworkBuilder net, Options options, int stage, Value x)
    {
        var side = options.Windows[stage];
        var window = new RelativePositions(side, hasClassToken: false);
        var positions = net.Add(window);
        var straight = SwinCut.Of(net, x, new Windows(side, Shift: 0, options.Names.Pads));
        var shifted = SwinCut.Of(net, x, new Windows(side, side / 2, options.Names.Pads));
        for (var block = 0; block < options.Size.Depths[stage]; block++)
        {
            var name = options.Names.Block(stage, block);
            var isShifted = block % 2 == 1;
            var bias = net.Add(new PositionBias(
                $"{name}.attn", positions, window, options.Size.Heads[stage], options.Buffers(stage, name, isShifted)));
            x = Block(net, options, name, x, isShifted ? shifted : straight, bias);
        }
        return x;
    }

    private static Value Block(NetworkBuilder net, Options options, string name, Value x, SwinCut cut, Value bias)
    {
        net.Block(name);
        var y = net.LayerNorm($"{name}.norm1", x, Epsilon);
        y = net.Add(new ToWindows(y, cut.InMap, cut.Windows));
        y = net.Add(new QueryKeyValue($"{name}.attn", y, $"{name}.attn.qkv.weight", $"{name}.attn.qkv.bias"));
        y = net.Add(new Attention(y, bias: bias, mask: cut.Mask, heads: x.Channels / Options.HeadSize));
        y = net.Linear($"{name}.attn.proj", y, x.Channels);
        x = net.Sum(x, net.Add(new FromWindows(y, cut.InWindows, x)));
        y = net.LayerNorm($"{name}.norm2", x, Epsilon);
        var mlp = options.Names.Mlp;
        return net.Sum(x, net.Mlp($"{name}.{mlp[0]}", $"{name}.{mlp[1]}", y, 4 * x.Channels));
    }

    // The tables of biases tell the windows; masks, where files hold them, the size of the images.
    private static Func<int, Network>? Adapt(Options options, StateDict state)
    {
        var windows = new int[Stages];
        for (var stage = 0; stage < Stages; stage++)
        {
            var name = $"{options.Names.Block(stage, 0)}.attn.relative_position_bias_table";
            if (state.Find(name)?.Tensor.Shape is not [var rows, _] || WindowSide.Of(rows) is not { } side)
            {
                return null;
            }
            windows[stage] = side;
        }
        var found = options with { Windows = windows, ImageSide = ImageSide(options, windows[0], state) };
        return classes => Create(found, classes);
    }

    private static int? ImageSide(Options options, int window, StateDict state)
    {
        if (state.Find($"{options.Names.Block(0, 1)}.attn_mask")?.Tensor.Shape is not [> 1 and var count, _, _])
        {
            return null;
        }
        var across = (int)Math.Sqrt(count);
        return across <= TransformerSize.MostSide && across * across == count ? across * window * Patch : null;
    }

    /// <summary>One of a stage's two ways to cut its map.</summary>
    private sealed record SwinCut(Windows Windows, Value InMap, Value InWindows, Value? Mask)
    {
        public static SwinCut Of(NetworkBuilder net, Value map, Windows windows) => new(
            windows, net.Add(new PlacesInMap(map, windows)), net.Add(new PlacesInWindows(map, windows)),
            windows.Shift == 0 ? null : net.Add(new ShiftMask(map, windows)));
    }

    private sealed record Size(string Name, int Width, int[] Depths, int[] Heads);

    private sealed record Options(Size Size, Names Names, int[] Windows, int? ImageSide)
    {
        public const int HeadSize = 32;

        public TakenSizes? Takes => Names.Pads ? null
            : ImageSide is { } side ? new TakenSizes(side)
            : new TakenSizes(
                Windows.Select((window, stage) => window * (Patch << stage)).Aggregate(LeastCommonMultiple),
                HasMultiples: true);

        /// <summary>What files hold of a block beside its parameters.</summary>
        public IEnumerable<ExpectedTensor> Buffers(int stage, string block, bool isShifted)
        {
            var tokens = Windows[stage] * Windows[stage];
            if (Names.IndexShape(tokens) is { } shape)
            {
                yield return ExpectedTensor.Ignored($"{block}.attn.relative_position_index", shape);
            }
            var across = (ImageSide ?? 0) / (Patch << stage) / Windows[stage];
            if (isShifted && across > 1)
            {
                yield return ExpectedTensor.Ignored($"{block}.attn_mask", across * across, tokens, tokens);
            }
        }

        private static int LeastCommonMultiple(int a, int b)
        {
            var multiple = a;
            while (multiple % b != 0)
            {
                multiple += a;
            }
            return multiple;
        }
    }

    private sealed record Names(
        string Patches, string PatchNorm, Func<int, int, string> Block, Func<int, string> Merging, string[] Mlp,
        string Head, Func<int, long[]?> IndexShape, bool Pads = false)
    {
        public static readonly Names OfTorchvision = new(
            "features.0.0", "features.0.2", (stage, block) => $"features.{(2 * stage) + 1}.{block}",
            stage => $"features.{2 * stage}", ["mlp.0", "mlp.3"], "head", tokens => [tokens * tokens], Pads: true);

        public static readonly Names OfMicrosoft = new(
            "patch_embed.proj", "patch_embed.norm", (stage, block) => $"layers.{stage}.blocks.{block}",
            stage => $"layers.{stage - 1}.downsample", ["mlp.fc1", "mlp.fc2"], "head", tokens => [tokens, tokens]);

        public static readonly Names OfTimm = OfMicrosoft with
        {
            Merging = stage => $"layers.{stage}.downsample",
            Head = "head.fc",
            IndexShape = _ => null,
        };
    }
}
