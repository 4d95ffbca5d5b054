using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// The end of the Api in steps: <c>/readyz</c> says no, requests are still answered for a while, then no new ones are
/// taken and those under way may finish.
/// </summary>
internal sealed class Shutdown(IOptions<ShutdownOptions> options) : IHostedLifecycleService
{
    // For the answer to arrive.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    /// <summary>Breaks a connection soon after its answer: the server would wait for the rest of a body that may never
    /// come.</summary>
    public static void BreakAfterAnswer(HttpContext http) => http.Response.OnCompleted(async () =>
    {
        await Task.Delay(LastMoment);
        http.Abort();
    });

    // The server stops listening only after this.
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.Delay(options.Value.DrainTime, cancellationToken).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class ShutdownExtensions
{
    public static void AddShutdown(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ShutdownOptions>()
            .BindConfiguration(ShutdownOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedService<Shutdown>();
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownOptions>>(
            (host, shutdown) => host.ShutdownTimeout = shutdown.Value.DrainTime + shutdown.Value.TimeLimit);
    }
}
