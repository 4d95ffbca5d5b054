using System.Text.Json;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class GoldenLogitsTests
{
    private static readonly JsonElement Goldens =
        JsonDocument.Parse(File.ReadAllText(Reading.Golden("logits.json"))).RootElement;

    public static TheoryData<string> Names => [.. Goldens.EnumerateObject().Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_are_those_of_PyTorch(string name)
    {
        var golden = Goldens.GetProperty(name);
        var architecture = golden.GetProperty("architecture").GetString()!;
        var expected = golden.GetProperty("logits").EnumerateArray().Select(logit => logit.GetSingle()).ToArray();
        var network = ModelRegistry.Architectures
            .Where(candidate => candidate.Name == architecture)
            .ElementAt(name == architecture ? 0 : 1)
            .Create(golden.GetProperty("classes").GetInt32());
        using var file = new TemporaryFile();
        NamedTensor.WriteSafetensors(file.Path, NamedTensor.OfNetwork(network));

        using var model = Loading.Load(file.Path);
        Assert.Equal((architecture, "recognised", 10), (
            model.Inspection.Architecture, model.Inspection.Recognition, model.Inspection.ClassCount));
        Assert.Equal(golden.GetProperty("parameters").GetInt64(), model.Inspection.ParameterCount);
        var size = golden.GetProperty("size").GetInt64();
        var images = NamedTensor.Values("input", 2, 3, size, size);
        using var libtorch = Loading.LoadByLibtorch(file.Path);
        Assert.All([model.Engine, libtorch], engine => Loading.AssertClose(
            expected, Loading.Run(engine, images, 2, 3, size, size).Values));
    }

    // As published: torchvision's model documentation; He et al. 2015, table 6, whose 0.27 M … 19.4 M these round to.
    [Theory]
    [InlineData("resnet18", 1000, 11_689_512)]
    [InlineData("resnet34", 1000, 21_797_672)]
    [InlineData("resnet50", 1000, 25_557_032)]
    [InlineData("resnet101", 1000, 44_549_160)]
    [InlineData("resnet152", 1000, 60_192_808)]
    [InlineData("squeezenet1_0", 1000, 1_248_424)]
    [InlineData("squeezenet1_1", 1000, 1_235_496)]
    [InlineData("cifar_resnet20", 10, 269_722)]
    [InlineData("cifar_resnet56", 10, 853_018)]
    [InlineData("cifar_resnet110", 10, 1_727_962)]
    [InlineData("cifar_resnet1202", 10, 19_421_274)]
    public void Parameter_counts_are_the_published_ones(string name, int classes, long count)
    {
        var architecture = ModelRegistry.Architectures.First(candidate => candidate.Name == name);
        Assert.Equal(count, architecture.Create(classes).ParameterCount);
    }
}
