using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Webhooks;

/// <summary>How webhooks are delivered, section <c>Webhooks</c> of the configuration.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>
    /// Whether deliveries may go to private addresses, and by plain http: for an operator whose receivers are in the same
    /// network. The default is false.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Deliveries that are tried at most, 1 to 20. The default is 10, which takes about half a day.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// Time before the second attempt, 10 ms to 1 hour; each further wait is three times as long, up to a day, give or take
    /// a fifth. The default is 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time for an answer, 100 ms to 30 s. The default is 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often due deliveries are looked for, 10 ms to 1 minute. The default is 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
