using System.Threading.RateLimiting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Hosting;

internal static class RateLimiting
{
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>()
            .BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RateLimits>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<RateLimits>((limiter, limits) =>
        {
            limiter.GlobalLimiter = limits.All;
            limiter.OnRejected = WriteAsync;
        });
    }

    /// <summary>Who asks must be known before; what is refused goes no further.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<RateLimits>();
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                limits.SetHeaders(http);
                return Task.CompletedTask;
            });
            return next(http);
        });
        app.UseRateLimiter();
    }

    /// <summary>Takes the client's address from <c>X-Forwarded-For</c>, where a known proxy has set it.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value.ProxyNetworks.ToList();
        if (networks.Count > 0)
        {
            // As many proxies as are known may stand in a row; the first address that is none of them is the client's.
            var forwarded = new ForwardedHeadersOptions
            {
                // The scheme, for addresses that answers name in full.
                ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
                ForwardLimit = null,
            };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in networks)
            {
                forwarded.KnownIPNetworks.Add(network!.Value);
            }
            app.UseForwardedHeaders(forwarded);
        }
    }

    private static async ValueTask WriteAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        ProblemWriter.SetRetryAfter(rejected.HttpContext, wait);
        await ProblemWriter.WriteAsync(
            rejected.HttpContext,
            Problems.RateLimited,
            "Wait for as many seconds as Retry-After says. RateLimit-Policy says how many requests are answered.");
    }
}
