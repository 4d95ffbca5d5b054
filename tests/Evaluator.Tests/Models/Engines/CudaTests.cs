using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Engines.Cuda;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Models.Engines;

public sealed class CudaTests
{
    [Theory]
    [InlineData("/opt/libtorch/lib/libcudart-9335f6a2.so.12")]
    [InlineData("/opt/venv/lib/python3.12/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12")]
    [InlineData("/opt/venv/lib/python3.12/site-packages/nvidia/cu13/lib/libcudart.so.13")]
    public void The_CUDA_runtime_is_the_one_that_is_mapped(string path) => Assert.Equal(path, CudaRuntime.FileIn(
    [
        "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ",
        "7f0000001000-7f0000002000 r--p 00000000 08:01 11      /opt/libcudart/lib/libtorch_cuda.so",
        $"7f0000002000-7f0000003000 r--p 00000000 08:01 12      {path}",
        "7f0000003000-7f0000004000 rw-p 00000000 00:00 0       [stack]",
    ]));

    [Fact]
    public void A_process_without_a_CUDA_runtime_has_none() =>
        Assert.Null(CudaRuntime.FileIn(["7f0000000000-7f0000001000 r--p 00000000 08:01 11   /usr/lib/libc.so.6", ""]));

    [Fact]
    public void A_device_that_works_is_told_with_its_libtorch()
    {
        RunnerEvent? told = null;

        DeviceCommand.Execute(new DeviceRequest("cpu"), message => told = message);

        Assert.Equal(new DeviceReady(Libtorch.Version), told);
    }

    [Fact]
    public void A_GPU_is_refused_with_a_libtorch_that_is_built_for_CPUs()
    {
        Assert.SkipWhen(Libtorch.HasCuda, "This libtorch is built for CUDA.");

        var refusal = Assert.Throws<EvaluationFailedException>(
            () => DeviceCommand.Execute(new DeviceRequest("cuda:0"), _ => { }));

        Assert.Equal(FailureCodes.WorkerFailed, refusal.Code);
        Assert.Equal(
            $"libtorch {Libtorch.Version} is built for CPUs alone; set LIBTORCH to the folder of one for CUDA", refusal.Message);
    }

    [Fact]
    public void A_GPU_normalises_to_the_bits_of_the_CPU_over_several_batches()
    {
        SkipWithoutGpu();
        RunnerEvent? told = null;

        DeviceCommand.Execute(new DeviceRequest("cuda:0"), message => told = message);

        Assert.IsType<DeviceReady>(told);
    }

    [Fact]
    public void A_GPU_predicts_what_the_CPU_predicts()
    {
        SkipWithoutGpu();
        var path = RealData.At("checkpoints", "imagenet_squeezenet1_0.pth");
        using var cpu = Loading.LoadByLibtorch(path);
        using var gpu = ModelLoader.Load(path, new ModelRequest(null, null, AllowPrograms: false), Loading.Cpu with { Device = "cuda:0" });
        var (image, normalisation) = (new ImageSize(224, 224), new Normalisation(Goldens.WholeImage));
        using var memories = new Memories(count: 5, image.Bytes);
        var batches = memories.All.Select((memory, i) =>
        {
            var pixels = SyntheticImage.Pixels(image.Width, image.Height).Select(value => (byte)(value ^ i)).ToArray();
            pixels.CopyTo(memory.Bytes(0, pixels.Length));
            return new ImageBatch(First: i, Count: 1, image, PixelLayout.Bytes, memory, normalisation);
        }).ToList();
        var expected = batches.ConvertAll(batch =>
        {
            var planes = new float[image.Bytes];
            normalisation.ToPlanes(batch.Memory.Bytes(0, planes.Length), planes);
            return Loading.Run(cpu, planes, 1, 3, image.Height, image.Width).Values.ToArray();
        });

        // Over two places on the device: each answer is its own image's.
        Assert.All(
            gpu.Engine.ForwardAll(batches),
            answer => Loading.AssertClose(expected[answer.Batch.First], answer.Answer.Values));
    }

    private sealed class Memories(int count, long length) : IDisposable
    {
        public IReadOnlyList<BatchMemory> All { get; } = [.. Enumerable.Range(0, count).Select(_ => new BatchMemory(length))];

        public void Dispose()
        {
            foreach (var memory in All)
            {
                memory.Dispose();
            }
        }
    }

    private static void SkipWithoutGpu() => Assert.SkipUnless(
        Libtorch.HasCuda && torch.cuda.is_available(), "There is no NVIDIA GPU, or LIBTORCH names no libtorch for CUDA.");
}
