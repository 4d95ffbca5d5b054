using Leaderboard.Evaluator.Models.Operations;
using static Leaderboard.Evaluator.Models.Architectures.InceptionStep;

namespace Leaderboard.Evaluator.Models.Architectures;

/// <summary>
/// Inception-v4, Szegedy et al. 2016, https://arxiv.org/abs/1602.07261, figures 3 to 9, by the names that both have:
/// https://github.com/Cadene/pretrained-models.pytorch/blob/8aae3d8f/pretrainedmodels/models/inceptionv4.py;
/// https://github.com/huggingface/pytorch-image-models/blob/v0.9.2/timm/models/inception_v4.py.
/// </summary>
internal static class InceptionV4
{
    public static readonly Architecture Architecture = new("inception_v4", Create, [1536]);

    public static Network Create(int classCount)
    {
        var net = new NetworkBuilder();
        var x = Stem(net);
        for (var place = 6; place < 10; place++)
        {
            x = A(net, $"features.{place}", x);
        }
        x = ReductionA(net, "features.10", x);
        for (var place = 11; place < 18; place++)
        {
            x = B(net, $"features.{place}", x);
        }
        x = ReductionB(net, "features.18", x);
        for (var place = 19; place < 22; place++)
        {
            x = C(net, $"features.{place}", x);
        }
        var features = net.GlobalAveragePool(x);
        return net.Build(features, net.Linear("last_linear", features, classCount));
    }

    private static Value Stem(NetworkBuilder net)
    {
        var x = net.Branch("features", net.Images, Valid(32, stride: 2), Valid(32), Same(64, 3));
        x = net.Concatenate(net.HalvingMaxPool(x), net.Unit("features.3.conv", x, Valid(96, stride: 2)));
        x = net.Concatenate(
            net.Branch("features.4.branch0", x, Same(64, 1), Valid(96)),
            net.Branch("features.4.branch1", x, Same(64, 1), Row(64, 7), Column(64, 7), Valid(96)));
        return net.Concatenate(net.Unit("features.5.conv", x, Valid(192, stride: 2)), net.HalvingMaxPool(x));
    }

    private static Value A(NetworkBuilder net, string name, Value x) => net.Concatenate(
        net.Unit($"{name}.branch0", x, Same(96, 1)),
        net.Branch($"{name}.branch1", x, Same(64, 1), Same(96, 3)),
        net.Branch($"{name}.branch2", x, Same(64, 1), Same(96, 3), Same(96, 3)),
        net.PoolBranch($"{name}.branch3", x, 96));

    private static Value ReductionA(NetworkBuilder net, string name, Value x) => net.Concatenate(
        net.Unit($"{name}.branch0", x, Valid(384, stride: 2)),
        net.Branch($"{name}.branch1", x, Same(192, 1), Same(224, 3), Valid(256, stride: 2)),
        net.HalvingMaxPool(x));

    private static Value B(NetworkBuilder net, string name, Value x) => net.Concatenate(
        net.Unit($"{name}.branch0", x, Same(384, 1)),
        net.Branch($"{name}.branch1", x, Same(192, 1), Row(224, 7), Column(256, 7)),
        net.Branch($"{name}.branch2", x, Same(192, 1), Column(192, 7), Row(224, 7), Column(224, 7), Row(256, 7)),
        net.PoolBranch($"{name}.branch3", x, 128));

    private static Value ReductionB(NetworkBuilder net, string name, Value x) => net.Concatenate(
        net.Branch($"{name}.branch0", x, Same(192, 1), Valid(192, stride: 2)),
        net.Branch($"{name}.branch1", x, Same(256, 1), Row(256, 7), Column(320, 7), Valid(320, stride: 2)),
        net.HalvingMaxPool(x));

    private static Value C(NetworkBuilder net, string name, Value x)
    {
        var first = net.Unit($"{name}.branch0", x, Same(256, 1));
        var second = net.Unit($"{name}.branch1_0", x, Same(384, 1));
        var (secondRow, secondColumn) = Cross(net, $"{name}.branch1_1", second);
        var third = net.Unit($"{name}.branch2_0", x, Same(384, 1));
        third = net.Unit($"{name}.branch2_1", third, Column(448, 3));
        third = net.Unit($"{name}.branch2_2", third, Row(512, 3));
        var (thirdRow, thirdColumn) = Cross(net, $"{name}.branch2_3", third);
        var fourth = net.PoolBranch($"{name}.branch3", x, 256);
        return net.Concatenate(first, secondRow, secondColumn, thirdRow, thirdColumn, fourth);
    }

    private static (Value Row, Value Column) Cross(NetworkBuilder net, string name, Value x) =>
        (net.Unit($"{name}a", x, Row(256, 3)), net.Unit($"{name}b", x, Column(256, 3)));
}
