namespace Leaderboard.Evaluator.Tests.Worker;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class Clock : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
