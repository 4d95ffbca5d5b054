using Leaderboard.Evaluator.Models.Engines;
using static TorchSharp.torch;

namespace Leaderboard.Demo;

/// <summary>
/// Trains the demo's checkpoint: a CIFAR ResNet-20, on mild pictures alone; so it does worse on the severe ones.
/// </summary>
internal static class Training
{
    private const int SampleSeed = 3;
    private const int SampleCount = 4000;
    private const int Epochs = 12;
    private const int BatchSize = 64;
    private const double PeakLearningRate = 0.004;
    private const double WeightDecay = 0.01;

    /// <summary>Renders, trains, writes <paramref name="checkpoint"/>, prints its accuracy on both sets.</summary>
    public static void Run(string checkpoint)
    {
        Libtorch.Load();
        random.manual_seed(0);
        using var network = new ResNet20(Shapes.All.Count);
        using (var samples = Prepare(DemoDatasets.Render(SampleSeed, SampleCount, Difficulty.Mild)))
        {
            Fit(network, samples);
        }

        network.eval();
        CheckpointWriter.Write(checkpoint, network);
        PrintAccuracy("demo-webvision", network, DemoDatasets.WebVisionSamples());
        PrintAccuracy("demo-omnibenchmark", network, DemoDatasets.OmniBenchmarkSamples());
    }

    private static LabelledImages Prepare(DemoImage[] samples) =>
        LabelledImages.Transform(samples, DemoDatasets.EvalTransform);

    private static void Fit(ResNet20 network, LabelledImages samples)
    {
        const int StepsPerEpoch = SampleCount / BatchSize;
        using var optimiser = optim.AdamW(network.parameters(), PeakLearningRate, weight_decay: WeightDecay);
        network.train();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            using var epochScope = NewDisposeScope();
            var (order, loss) = (randperm(SampleCount), 0.0);
            for (var step = 0; step < StepsPerEpoch; step++)
            {
                using var stepScope = NewDisposeScope();
                var done = (double)((epoch * StepsPerEpoch) + step) / (Epochs * StepsPerEpoch);
                SetLearningRate(optimiser, PeakLearningRate * Schedule(done));
                var batch = order.narrow(0, step * BatchSize, BatchSize);
                loss += Step(network, optimiser, Turn(samples.Images[batch], step), samples.Targets[batch]);
            }

            Console.WriteLine($"epoch {epoch + 1} of {Epochs}: loss {loss / StepsPerEpoch:0.000}");
        }
    }

    private static double Step(ResNet20 network, optim.Optimizer optimiser, Tensor images, Tensor targets)
    {
        optimiser.zero_grad();
        var loss = nn.functional.cross_entropy(network.forward(images), targets);
        loss.backward();
        optimiser.step();
        return loss.item<float>();
    }

    // A shape keeps its class when it is mirrored or turned by a right angle: eight pictures for one.
    private static Tensor Turn(Tensor images, int step)
    {
        images = (step & 1) == 0 ? images : images.flip(2);
        images = (step & 2) == 0 ? images : images.flip(3);
        return (step & 4) == 0 ? images : images.transpose(2, 3).contiguous();
    }

    // Up in a straight line for an eighth of the way, then down along a cosine to 0.
    private static double Schedule(double done) => Math.Min(1, 8 * done) * (1 + Math.Cos(Math.PI * done)) / 2;

    private static void SetLearningRate(optim.Optimizer optimiser, double rate)
    {
        foreach (var group in optimiser.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }

    private static void PrintAccuracy(string name, ResNet20 network, DemoImage[] samples)
    {
        using var _ = inference_mode();
        using var scope = NewDisposeScope();
        using var labelled = Prepare(samples);
        var correct = network.forward(labelled.Images).argmax(1).eq(labelled.Targets).sum().item<long>();
        Console.WriteLine($"{name}: {correct} of {samples.Length} correct");
    }
}
