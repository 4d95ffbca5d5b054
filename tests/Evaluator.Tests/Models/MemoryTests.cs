using Leaderboard.Evaluator.Models.Architectures;
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
            using var engine = Loading.LoadByLibtorch(file.Path);
            for (var batch = 0; batch < 3; batch++)
            {
                Assert.Equal([2L, 10L], Loading.Run(engine, new float[2 * 3 * 64 * 64], 2, 3, 64, 64).Shape);
            }
        }));
    }

    [Fact]
    public void A_program_leaves_no_tensor_behind() => Assert.Equal(0, LiveTensorsAfter(() =>
    {
        using var model = Loading.Load(
            Reading.Golden("formats", "program.pt"), Reading.Plain with { AllowPrograms = true });
        Assert.Equal([2L, 4L], Loading.Run(model.Engine, new float[2 * 3 * 8 * 8], 2, 3, 8, 8).Shape);
    }));

    private static long LiveTensorsAfter(Action action)
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        action();
        return statistics.TensorStatistics.ThreadTotalLiveCount;
    }
}
