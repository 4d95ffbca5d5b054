using System.Text.Json;
using Leaderboard.Evaluator.Runner;
using Leaderboard.Evaluator.Worker;

namespace Leaderboard.Evaluator.Tests.Runner;

public sealed class EventsFromARunnerTests
{
    [Fact]
    public void Progress_is_taken_as_it_was_sent() => Assert.Equal(
        new Progress(8, 2.5), RunnerEvents.Parse("""{"event":"progress","done":8,"images_per_second":2.5}"""));

    [Theory]
    [InlineData("""{"event":"progress","done":-1,"images_per_second":1}""")]
    [InlineData("""{"event":"progress","done":1,"images_per_second":-1}""")]
    [InlineData("""{"event":"progress","done":1,"images_per_second":1e999}""")]
    [InlineData("""{"event":"progress","done":1e12,"images_per_second":1}""")]
    [InlineData("""{"event":"progress","done":1}""")]
    [InlineData("""{"event":"finished","engine":"x","libraries":{},"duration_seconds":1e999,"images_per_second":1,"peak_memory_bytes":1}""")]
    [InlineData("""{"event":"finished","engine":"x","libraries":{},"duration_seconds":1,"images_per_second":1,"peak_memory_bytes":-1}""")]
    [InlineData("""{"event":"finished","engine":"a\u0000b","libraries":{},"duration_seconds":1,"images_per_second":1,"peak_memory_bytes":1}""")]
    [InlineData("""{"event":"failed","code":"invented","message":"x"}""")]
    [InlineData("""{"event":"failed","code":"out_of_memory\u0000","message":"x"}""")]
    [InlineData("""{"event":"promoted"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("hello")]
    public void What_no_honest_runner_sends_is_refused(string line)
    {
        var refusal = Record.Exception(() => RunnerEvents.Parse(line));

        Assert.True(refusal is JsonException or NotSupportedException, $"{refusal}");
    }

    [Fact]
    public void A_message_is_cut_at_what_somebody_may_want_to_read()
    {
        var line = $$"""{"event":"failed","code":"timed_out","message":"{{new string('x', 100_000)}}"}""";

        Assert.InRange(Assert.IsType<Failed>(RunnerEvents.Parse(line)).Message.Length, 1000, 5000);
    }
}
