using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>Streams of server-sent events, section <c>Events</c> of the configuration.</summary>
public sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>
    /// How long a stream may be silent before a comment is sent, so that nothing between takes it for dead: 10 ms to 5
    /// minutes. The default is 15 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often all evaluations that are followed are read: 10 ms to 1 minute. The default is half a second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many streams one process writes at a time, 1 to 100,000. The default is 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 1000;
}
