using System.Text.Json;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class TorchScriptTests
{
    private static readonly ModelRequest Sandboxed = Reading.Plain with { AllowPrograms = true };

    [Fact]
    public void A_program_runs_where_programs_may()
    {
        using var model = Loading.Load(Reading.Golden("formats", "program.pt"), Sandboxed);
        Assert.Null(model.Inspection.Architecture);
        Assert.Null(model.Inspection.ClassCount);
        Assert.Equal(108, model.Inspection.ParameterCount);
        Assert.Equal("conv.weight", model.Inspection.Tensors.Single().Name);
        Assert.Equal("float32", model.Inspection.Tensors.Single().Dtype);

        var expected = JsonSerializer.Deserialize<float[]>(File.ReadAllText(Reading.Golden("program.json")))!;
        Loading.AssertClose(
            expected, Loading.Run(model.Engine, NamedTensor.Values("input", 2, 3, 8, 8), 2, 3, 8, 8).Values);
    }

    [Fact]
    public void A_program_is_refused_where_there_is_no_sandbox()
    {
        var failure = Assert.Throws<EvaluationFailedException>(
            () => CheckpointInspector.Inspect(Reading.Golden("formats", "program.pt"), Reading.Plain));
        Assert.Equal(FailureCodes.CheckpointUnsafe, failure.Code);
        Assert.Contains("TorchScript runs code, and this worker has no sandbox", failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_fails_on_images_says_so()
    {
        using var model = Loading.Load(Reading.Golden("formats", "program.pt"), Sandboxed);
        Assert.Equal(FailureCodes.CheckpointUnrecognised,
            Assert.Throws<EvaluationFailedException>(() => Loading.Run(model.Engine, new float[12], 1, 3, 2, 2)).Code);
    }

    [Fact]
    public void A_program_of_more_than_one_output_says_so()
    {
        var path = Reading.Golden("formats", "program_of_two_outputs.pt");
        using var model = Loading.Load(path, Sandboxed);
        Assert.Equal(FailureCodes.CheckpointUnrecognised,
            Assert.Throws<EvaluationFailedException>(() => Loading.Run(model.Engine, new float[12], 1, 3, 2, 2)).Code);
    }

    [Fact]
    public void A_program_that_libtorch_cannot_load_ends_in_a_code()
    {
        var zip = TorchZip.OfEntries(
        [
            ("a/data.pkl", new PickleWriter().Op('}').ToArray()), ("a/constants.pkl", [1]), ("a/code/x.py", [1]),
        ]);
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(zip, Sandboxed));
    }
}
