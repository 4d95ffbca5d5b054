using Leaderboard.Evaluator.Models.Operations;
using static Leaderboard.Evaluator.Models.Architectures.InceptionStep;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// Inception-ResNet-v2, Szegedy et al. 2016, https://arxiv.org/abs/1602.07261, figures 3 and 16 to 19, as TensorFlow's
/// authors trained it. The two sources differ in the classifier's name alone:
/// https://github.com/Cadene/pretrained-models.pytorch/blob/8aae3d8f/pretrainedmodels/models/inceptionresnetv2.py
/// (<c>last_linear</c>);
/// https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/inception_resnet_v2.py (<c>classif</c>).
/// </summary>
internal static class InceptionResNetV2
{
    public static readonly IReadOnlyList<Architecture> Architectures =
    [
        .. new[] { "last_linear", "classif" }.Select(classifier => new Architecture(
            "inception_resnet_v2", classes => Create(classifier, classes), [1536])),
    ];

    public static Network Create(string classifier, int classCount)
    {
        var net = new NetworkBuilder();
        var x = Mixed5b(net, Stem(net));
        x = Repeat(x, 10, (y, i) => Block35(net, $"repeat.{i}", y));
        x = Mixed6a(net, x);
        x = Repeat(x, 20, (y, i) => Block17(net, $"repeat_1.{i}", y));
        x = Mixed7a(net, x);
        x = Repeat(x, 9, (y, i) => net.Relu(Block8(net, $"repeat_2.{i}", y, scale: 0.20f)));
        x = Block8(net, "block8", x, scale: 1);
        x = net.Unit("conv2d_7b", x, Same(1536, 1));
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear(classifier, features, classCount));
    }

    private static Value Repeat(Value x, int count, Func<Value, int, Value> block) =>
        Enumerable.Range(0, count).Aggregate(x, block);

    private static Value Stem(NetworkBuilder net)
    {
        var x = net.Unit("conv2d_1a", net.Images, Valid(32, stride: 2));
        x = net.Unit("conv2d_2a", x, Valid(32));
        x = net.HalvingMaxPool(net.Unit("conv2d_2b", x, Same(64, 3)));
        x = net.Unit("conv2d_3b", x, Same(80, 1));
        return net.HalvingMaxPool(net.Unit("conv2d_4a", x, Valid(192)));
    }

    private static Value Mixed5b(NetworkBuilder net, Value x) => net.Concatenate(
        net.Unit("mixed_5b.branch0", x, Same(96, 1)),
        net.Branch("mixed_5b.branch1", x, Same(48, 1), Same(64, 5)),
        net.Branch("mixed_5b.branch2", x, Same(64, 1), Same(96, 3), Same(96, 3)),
        net.PoolBranch("mixed_5b.branch3", x, 64));

    private static Value Block35(NetworkBuilder net, string name, Value x) => net.Relu(Residual(
        net, name, x, 0.17f,
        net.Unit($"{name}.branch0", x, Same(32, 1)),
        net.Branch($"{name}.branch1", x, Same(32, 1), Same(32, 3)),
        net.Branch($"{name}.branch2", x, Same(32, 1), Same(48, 3), Same(64, 3))));

    private static Value Mixed6a(NetworkBuilder net, Value x) => net.Concatenate(
        net.Unit("mixed_6a.branch0", x, Valid(384, stride: 2)),
        net.Branch("mixed_6a.branch1", x, Same(256, 1), Same(256, 3), Valid(384, stride: 2)),
        net.HalvingMaxPool(x));

    private static Value Block17(NetworkBuilder net, string name, Value x) => net.Relu(Residual(
        net, name, x, 0.10f,
        net.Unit($"{name}.branch0", x, Same(192, 1)),
        net.Branch($"{name}.branch1", x, Same(128, 1), Row(160, 7), Column(192, 7))));

    private static Value Mixed7a(NetworkBuilder net, Value x) => net.Concatenate(
        net.Branch("mixed_7a.branch0", x, Same(256, 1), Valid(384, stride: 2)),
        net.Branch("mixed_7a.branch1", x, Same(256, 1), Valid(288, stride: 2)),
        net.Branch("mixed_7a.branch2", x, Same(256, 1), Same(288, 3), Valid(320, stride: 2)),
        net.HalvingMaxPool(x));

    // The last of these, and it alone, has no ReLU behind it.
    private static Value Block8(NetworkBuilder net, string name, Value x, float scale) => Residual(
        net, name, x, scale,
        net.Unit($"{name}.branch0", x, Same(192, 1)),
        net.Branch($"{name}.branch1", x, Same(192, 1), Row(224, 3), Column(256, 3)));

    private static Value Residual(NetworkBuilder net, string name, Value x, float scale, params Value[] branches)
    {
        var y = net.Convolution($"{name}.conv2d", net.Concatenate(branches), x.Channels, kernel: 1, bias: true);
        return net.Sum(scale == 1 ? y : net.Add(new Scaling(y, scale)), x);
    }
}
