using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Models;

/// <summary>
/// Every architecture against its definition in PyTorch. How far PyTorch's own float32 is from the goldens, which are of
/// float64, stands in them: 1e-5 of the largest logit and less.
/// </summary>
public sealed class ArchitectureGoldensTests
{
    public static TheoryData<string> Names => [.. ArchitectureGolden.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_engines_give_the_logits_of_the_reference(string name)
    {
        var golden = ArchitectureGolden.Read(name);
        using var file = golden.Checkpoint();
        var recognised = Recognise(file, golden.IsGiven ? golden.Architecture : null);
        var network = recognised.Network;
        Assert.Equal(
            (golden.Architecture, golden.IsGiven ? "given" : "recognised", golden.Classes),
            (recognised.Architecture, recognised.How, network.ClassCount));
        Assert.Equal(golden.State.Select(line => line.Name).Order(), NamesOf(network).Order());

        var answer = network.Logits ?? network.Features;
        foreach (var load in new[] { OnnxRuntimeEngine.Load, (Loader)LibtorchEngine.Load })
        {
            using var engine = load(network, answer, new Weights(network, recognised.Entries), Loading.Cpu);
            Assert.All(golden.Runs, run => Loading.AssertClose(
                run.Logits, Loading.Run(engine, NamedTensor.Between("input", -2, 2, run.Shape), run.Shape).Values));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameter_counts_are_the_published_ones(string name)
    {
        var golden = ArchitectureGolden.Read(name);
        using var file = golden.Checkpoint(line => line with { High = line.Low });
        var state = StateDict.Of(file, weights: null);
        var names = golden.State.Select(line => line.Name).Order().ToList();
        var network = ModelRegistry.Architectures
            .Where(architecture => architecture.Name == golden.Architecture)
            .Select(architecture => architecture.For(state)(golden.PublishedClasses ?? 0))
            .Single(candidate => NamesOf(candidate).Order().SequenceEqual(names));
        Assert.Equal(golden.Parameters, network.ParameterCount);
    }

    private delegate Engine Loader(Network network, Value answer, Weights weights, EngineRequest request);

    private static RecognisedNetwork Recognise(CheckpointFile file, string? architecture) =>
        Recognition.Recognise(StateDict.Of(file, weights: null), architecture);

    private static IEnumerable<string> NamesOf(Network network) =>
        network.Expected.Select(tensor => tensor.Name).Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal));
}
