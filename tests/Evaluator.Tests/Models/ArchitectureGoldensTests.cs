using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Models;

/// <inheritdoc cref="ArchitectureGoldens"/>
public sealed class ConvolutionalGoldensTests
{
    public static TheoryData<string> Names => [.. ArchitectureGolden.Names.Where(name => !ArchitectureGoldens.IsTransformer(name))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_parameters_are_counted_and_both_engines_give_its_logits(string name) => ArchitectureGoldens.Check(name);
}

// A class of their own, because classes run beside each other and the largest take their time.
/// <inheritdoc cref="ArchitectureGoldens"/>
public sealed class TransformerGoldensTests
{
    public static TheoryData<string> Names => [.. ArchitectureGolden.Names.Where(ArchitectureGoldens.IsTransformer)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_parameters_are_counted_and_both_engines_give_its_logits(string name) => ArchitectureGoldens.Check(name);
}

/// <summary>
/// Every architecture against its definition in PyTorch. How far PyTorch's own float32 is from the goldens, which are of
/// float64, stands in them: 1e-5 of the largest logit and less.
/// </summary>
internal static class ArchitectureGoldens
{
    private static readonly string[] Transformers = ["vit_", "beit_", "swin_", "mixer_"];

    public static bool IsTransformer(string name) =>
        Array.Exists(Transformers, family => name.StartsWith(family, StringComparison.Ordinal));

    /// <summary>Asserts that its parameters are as many as published and that both engines give its logits.</summary>
    public static void Check(string name)
    {
        var golden = ArchitectureGolden.Read(name);
        using var file = golden.Checkpoint();
        var recognised = Recognise(file, golden.IsGiven ? golden.Architecture : null);
        var network = recognised.Network;
        Assert.Equal(
            (golden.Architecture, golden.IsGiven ? "given" : "recognised", golden.Classes),
            (recognised.Architecture, recognised.How, network.ClassCount));
        Assert.Equal(golden.State.Select(line => line.Name).Order(StringComparer.Ordinal), NamesOf(network));

        // The goldens' classifiers have fewer classes than the published ones.
        var classes = golden.PublishedClasses - golden.Classes ?? 0;
        Assert.Equal(golden.Parameters, network.ParameterCount + (classes * (network.Features.Channels + 1)));

        var answer = network.Logits ?? network.Features;
        foreach (var load in new[] { OnnxRuntimeEngine.Load, (Loader)LibtorchEngine.Load })
        {
            using var engine = load(network, answer, new Weights(network, recognised.Entries), Loading.Cpu);
            Assert.All(golden.Runs, run => Loading.AssertClose(
                run.Logits, Loading.Run(engine, NamedTensor.Between("input", -2, 2, run.Shape), run.Shape).Values));
        }
    }

    private delegate Engine Loader(Network network, Value answer, Weights weights, EngineRequest request);

    private static RecognisedNetwork Recognise(CheckpointFile file, string? architecture) =>
        Recognition.Recognise(StateDict.Of(file, weights: null), architecture);

    private static IEnumerable<string> NamesOf(Network network) =>
        network.Expected.Select(tensor => tensor.Name)
            .Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
