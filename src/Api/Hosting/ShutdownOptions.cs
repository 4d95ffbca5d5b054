using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Api.Hosting;

/// <summary>How the Api ends when it is asked to, section <c>Shutdown</c> of the configuration.</summary>
public sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>
    /// How long it answers as before while <c>/readyz</c> already says no, so that a load balancer can turn away first;
    /// from 0 to 5 minutes. The default is one second.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long requests that are under way then may take to finish, from 0 to one hour. The default is 25 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(25);
}
