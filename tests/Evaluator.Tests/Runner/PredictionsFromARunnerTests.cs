using Leaderboard.Evaluator.Runner;

namespace Leaderboard.Evaluator.Tests.Runner;

public sealed class PredictionsFromARunnerTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void They_are_read_as_they_were_written()
    {
        Write(new Prediction([2, 0, 1], 0.5f), new Prediction([0, 1, 2], 1f));

        var read = PredictionsFile.Read(path, sampleCount: 2, classCount: 3);

        Assert.Equal([2, 0, 1], read[0].Top);
        Assert.Equal(0.5f, read[0].Confidence);
        Assert.Equal([0, 1, 2], read[1].Top);
    }

    [Fact]
    public void A_file_of_another_length_is_refused()
    {
        Write(new Prediction([2, 0, 1], 0.5f));

        Assert.Throws<EvaluationFailedException>(() => PredictionsFile.Read(path, sampleCount: 2, classCount: 3));
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Throws<EvaluationFailedException>(
        () => PredictionsFile.Read(path + ".not", sampleCount: 1, classCount: 3));

    [Theory]
    [InlineData(3, 0, 1, 0.5f)]
    [InlineData(-1, 0, 1, 0.5f)]
    [InlineData(0, 0, 1, 0.5f)]
    [InlineData(0, 1, 2, 1.5f)]
    [InlineData(0, 1, 2, float.NaN)]
    public void Classes_and_confidences_out_of_range_are_refused(int first, int second, int third, float confidence)
    {
        Write(new Prediction([first, second, third], confidence));

        Assert.Throws<EvaluationFailedException>(() => PredictionsFile.Read(path, sampleCount: 1, classCount: 3));
    }

    private void Write(params Prediction[] predictions)
    {
        using var file = File.Create(path);
        PredictionsFile.Write(file, predictions);
    }
}
