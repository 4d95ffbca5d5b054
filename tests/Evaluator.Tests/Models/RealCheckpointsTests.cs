using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class RealCheckpointsTests
{
    private static readonly string[] SqueezeNets =
        ["imagenet_squeezenet1_0.pth", "imagenet_squeezenet1_0.safetensors"];

    [Theory]
    [InlineData("cifar_resnet20_akamaster.th", "cifar_akamaster_resnet20", "cifar_resnet20", "recognised")]
    [InlineData("cifar_resnet32_akamaster.th", "cifar_akamaster_resnet32", "cifar_resnet32", "recognised")]
    [InlineData("cifar_resnet20_neuralnets.pth", "cifar_neuralnets_resnet20", "cifar_resnet20", "assumed")]
    public void A_strangers_network_gives_the_logits_that_PyTorch_gave(
        string checkpoint, string golden, string architecture, string recognition)
    {
        using var model = Loading.Load(RealData.At("checkpoints", checkpoint));
        Assert.Equal((architecture, recognition, 10), (
            model.Inspection.Architecture, model.Inspection.Recognition, model.Inspection.ClassCount));
        Assert.All(model.Inspection.Tensors, tensor => Assert.NotNull(tensor.LoadedAs));

        using var file = CheckpointFile.Open(RealData.At("reference", $"golden_{golden}.safetensors"));
        var tensors = StateDict.Of(file, weights: null).Tensors.ToDictionary(entry => entry.FileName);
        var input = tensors.Values.Single(entry => entry.Tensor.Shape.Count == 4).Tensor;
        var logits = tensors.Values.Single(entry => entry.Tensor is { Shape.Count: 2, Dtype.IsFloat: true }).Tensor;
        using var libtorch = Loading.LoadByLibtorch(RealData.At("checkpoints", checkpoint));
        Assert.All([model.Engine, libtorch], engine => Loading.AssertClose(
            Reading.Numbers(logits), Loading.Run(engine, Reading.Numbers(input), [.. input.Shape]).Values));
    }

    [Fact]
    public void The_same_weights_in_two_formats_give_the_same_logits()
    {
        var images = NamedTensor.Values("input", 1, 3, 224, 224);
        var logits = SqueezeNets.Select(name =>
        {
            using var model = Loading.Load(RealData.At("checkpoints", name));
            Assert.Equal(("squeezenet1_0", "recognised", 1000, 1_248_424L), (
                model.Inspection.Architecture, model.Inspection.Recognition, model.Inspection.ClassCount,
                model.Inspection.ParameterCount));
            return Loading.Run(model.Engine, images, 1, 3, 224, 224).Values.ToArray();
        }).ToList();
        Assert.Equal(logits[0], logits[1]);
    }

    [Theory]
    [InlineData("1bananachicken__model.pth", FailureCodes.CheckpointUnrecognised, "plain pickle")]
    [InlineData("CoffeeVampir3__model.safetensors", FailureCodes.ArchitectureUnknown, "fc1.bias")]
    [InlineData("JohnYKiyo__ckpt.pth", FailureCodes.ArchitectureUnknown, "conv1.weight")]
    [InlineData("Sarapuce__mnist_model.pt", FailureCodes.CheckpointUnsafe, "'__main__.Net'")]
    [InlineData("douzaikongcheng__model_int8.pth", FailureCodes.CheckpointUnrecognised, "a quantised tensor")]
    [InlineData("mary-0830__mnist_deleted.pt", FailureCodes.ArchitectureUnknown, "cnn.conv1.weight")]
    [InlineData("mmaitre314__bad_pytorch.pt", FailureCodes.CheckpointUnrecognised, "first bytes")]
    [InlineData("protectai__unsafe_zip_pytorch.pt", FailureCodes.CheckpointUnsafe, "'posix.system'")]
    public void An_odd_file_ends_in_its_code(string name, string code, string said)
    {
        var failure = Assert.Throws<EvaluationFailedException>(
            () => CheckpointInspector.Inspect(RealData.At("odd_checkpoints", name), Reading.Plain));
        Assert.Equal(code, failure.Code);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_odd_file_has_its_test()
    {
        var tested = typeof(RealCheckpointsTests).GetMethod(nameof(An_odd_file_ends_in_its_code))!
            .GetCustomAttributes(inherit: false).OfType<InlineDataAttribute>().Select(row => (string)row.Data[0]!);
        var listed = File.ReadLines(RealData.At("odd_checkpoints", "index.csv"))
            .Skip(1).Select(line => line.Split(',')[0]);
        Assert.Equal(listed.Order(StringComparer.Ordinal), tested.Order(StringComparer.Ordinal));
    }
}
