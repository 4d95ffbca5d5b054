using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Tests.Checkpoints;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class MemoryTests
{
    [Theory]
    [InlineData("cifar_resnet20")]
    [InlineData("resnet18")]
    [InlineData("squeezenet1_1")]
    public void Loading_running_and_disposing_leaves_no_tensor_behind(string architecture)
    {
        var network = ModelRegistry.Architectures.First(candidate => candidate.Name == architecture).Create(10);
        using var file = new TemporaryFile();
        NamedTensor.WriteSafetensors(file.Path, NamedTensor.OfNetwork(network));
        Assert.Equal(0, LiveTensorsAfter(() =>
        {
            using var model = ModelLoader.Load(file.Path, Reading.Plain, torch.CPU);
            for (var batch = 0; batch < 3; batch++)
            {
                using var images = torch.zeros(2, 3, 64, 64);
                using var logits = model.Forward(images);
                Assert.Equal([2L, 10L], logits.shape);
            }
        }));
    }

    [Fact]
    public void A_program_leaves_no_tensor_behind() => Assert.Equal(0, LiveTensorsAfter(() =>
    {
        using var model = ModelLoader.Load(
            Reading.Golden("formats", "program.pt"), Reading.Plain with { AllowPrograms = true }, torch.CPU);
        using var images = torch.zeros(2, 3, 8, 8);
        using var logits = model.Forward(images);
        Assert.Equal([2L, 4L], logits.shape);
    }));

    private static long LiveTensorsAfter(Action action)
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        action();
        return statistics.TensorStatistics.ThreadTotalLiveCount;
    }
}
