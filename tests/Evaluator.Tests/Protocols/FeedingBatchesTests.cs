using Leaderboard.Evaluator.Datasets;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Tests.Packing;
using Leaderboard.Evaluator.Tests.Preprocessing;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Tests.Protocols;

public sealed class FeedingBatchesTests
{
    private static readonly ImageSize Cifar = new(32, 32);

    [Theory]
    [InlineData(PixelLayout.Planes)]
    [InlineData(PixelLayout.ChannelsLast)]
    [InlineData(PixelLayout.Bytes)]
    public void Packed_images_and_files_give_the_same_batches_in_the_order_of_the_samples(object layout)
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        folder.Pack();
        using var files = folder.OpenFiles();
        using var packed = folder.OpenPacked(Cifar);
        // 1000 images are no whole number of batches of 48.
        var format = new BatchFormat((PixelLayout)layout, 48);

        var expected = Digests(files, format);

        Assert.Equal(21, expected.Count);
        Assert.Equal(expected, Digests(packed, format));
    }

    [Fact]
    public void Every_layout_is_the_same_tensor_of_libtorch_and_of_torchvision()
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        using var files = folder.OpenFiles();
        using var reader = files.NewReader();
        using var scope = NewDisposeScope();
        using var batch = new BatchMemory(2 * 3 * 32 * 32 * sizeof(float));
        Tensor Of(PixelLayout layout)
        {
            var writer = new BatchWriter(Goldens.WholeImage, new BatchFormat(layout, 2), Cifar);
            writer.Write(reader.Read(5), batch, 0);
            writer.Write(reader.Read(6), batch, 1);
            return TorchView.Of(new ImageBatch(0, 2, Cifar, layout, batch)).clone();
        }

        var bytes = Of(PixelLayout.Bytes);
        // ToTensor and Normalize, as torchvision writes them.
        var expected = (bytes.to(ScalarType.Float32).div(255f) - tensor([0.485f, 0.456f, 0.406f]).view(1, 3, 1, 1))
            / tensor([0.229f, 0.224f, 0.225f]).view(1, 3, 1, 1);

        Assert.Equal([2L, 3, 32, 32], bytes.shape);
        Assert.True(expected.eq(Of(PixelLayout.Planes)).all().item<bool>());
        Assert.True(expected.eq(Of(PixelLayout.ChannelsLast)).all().item<bool>());
    }

    [Fact]
    public void A_batch_always_comes_in_the_same_few_memories_and_none_is_overwritten_before_its_release()
    {
        using var folder = PackedFolder.OfRealData("cifar10_png", Goldens.WholeImage);
        folder.Pack();
        using var images = folder.OpenPacked(Cifar);
        using var batches = new ImageBatches(images, Goldens.WholeImage, new BatchFormat(PixelLayout.Bytes, 10), threadCount: 4);
        var held = new Queue<(ImageBatch Batch, string Digest)>();
        var memories = new HashSet<BatchMemory>();
        var count = 0;
        while (batches.Next() is { } batch)
        {
            memories.Add(batch.Memory);
            held.Enqueue((batch, Digest(batch)));
            count += batch.Count;
            if (held.Count == 2)
            {
                Thread.Yield();
                var (oldest, digest) = held.Dequeue();
                Assert.Equal(digest, Digest(oldest));
                batches.Release(oldest);
            }
        }

        Assert.InRange(memories.Count, 1, 4);
        Assert.Equal(1000, count);
    }

    [Fact]
    public void While_all_memories_are_held_no_batch_is_given_twice()
    {
        using var batches = new ImageBatches(new Blank(100), Goldens.WholeImage, new BatchFormat(PixelLayout.Bytes, 10), threadCount: 2);
        var first = batches.Next()!.Value;
        Assert.Equal([10, 20], [batches.Next()!.Value.First, batches.Next()!.Value.First]);

        Assert.Throws<InvalidOperationException>(() => batches.Next());

        batches.Release(first);
        Assert.Equal(30, batches.Next()!.Value.First);
    }

    [Fact]
    public void Memory_that_runs_out_on_a_thread_of_images_is_told_as_what_it_is()
    {
        var images = new Blank(100) { Failure = new InsufficientMemoryException() };
        using var batches = new ImageBatches(images, Goldens.WholeImage, new BatchFormat(PixelLayout.Bytes, 10), threadCount: 2);

        Assert.Throws<InsufficientMemoryException>(() => batches.Next());
        Assert.Throws<InsufficientMemoryException>(() => EachSample.Do(
            100, maxParallelism: 2, progress: null, _ => throw new InsufficientMemoryException(), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("cifar10_jpg")]
    [InlineData("cifar10_png")]
    public void Predictions_from_packed_images_are_those_from_files(string name)
    {
        using var folder = PackedFolder.OfRealData(name, Goldens.WholeImage);
        folder.Pack();
        byte[] Predict(ImagesRequest images)
        {
            var load = new LoadRequest(
                RealData.At("checkpoints", "cifar_resnet20_akamaster.th"), null, null, AllowPrograms: false, "cpu", Threads: 2);
            RunCommand.Execute(
                new RunRequest(load, images, new PredictionsWanted(10), Goldens.WholeImage, Precision.Float32, folder.Scratch), _ => { });
            return File.ReadAllBytes(Path.Combine(folder.Scratch, PredictionsFile.Name));
        }

        var fromFiles = Predict(folder.Files);

        Assert.Equal(1000 * 24, fromFiles.Length);
        Assert.Equal(fromFiles, Predict(folder.Request(Cifar)));
    }

    [Fact]
    public void A_million_samples_take_little_memory_and_each_is_found()
    {
        using var folder = new TemporaryFolder();
        static string Name(int i) => $"val_images_256/n{i % 1000:D8}/ILSVRC2012_val_{i:D8}é.JPEG";
        SampleList.Write(folder.At("samples"), Enumerable.Range(0, 1_000_000).Select(Name));
        var before = GC.GetAllocatedBytesForCurrentThread();

        using var samples = SampleList.Open(folder.At("samples"));

        // Their texts would be more than 100 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32_000_000);
        Assert.Equal(1_000_000, samples.Count);
        Assert.All(new[] { 0, 1, 4711, 999_999 }, i => Assert.Equal(Name(i), samples[i]));
    }

    private static List<string> Digests(ImageSource images, BatchFormat format)
    {
        using var batches = new ImageBatches(images, Goldens.WholeImage, format, threadCount: 3);
        var digests = new List<string>();
        while (batches.Next() is { } batch)
        {
            digests.Add(Digest(batch));
            batches.Release(batch);
        }
        return digests;
    }

    private static string Digest(ImageBatch batch) => Goldens.Sha256(
        batch.Memory.Bytes(0, batch.Count * (int)new BatchFormat(batch.Layout, 1).ImageBytes(batch.Image)));

    /// <summary>Black images, or a failure at each.</summary>
    private sealed class Blank(int count) : ImageSource
    {
        public Exception? Failure { get; init; }

        public override int Count => count;

        public override ImageSize Size => Cifar;

        public override int UsefulThreads(int available) => available;

        public override ImageReader NewReader() => new Reader(Failure);

        public override void Dispose()
        {
        }

        private sealed class Reader(Exception? failure) : ImageReader
        {
            public override ReadOnlySpan<byte> Read(int index) => failure is null ? new byte[Cifar.Bytes] : throw failure;

            public override void Dispose()
            {
            }
        }
    }
}
