namespace Leaderboard.Api.Hosting;

internal static class HeadRequests
{
    /// <summary>
    /// Maps GET, and HEAD to the same handler, whose body the server does not send: monitors and proxies of images ask so.
    /// </summary>
    public static RouteHandlerBuilder MapGetAndHead(this IEndpointRouteBuilder routes, string pattern, Delegate handler)
    {
        routes.MapMethods(pattern, [HttpMethods.Head], handler).ExcludeFromDescription();
        return routes.MapGet(pattern, handler);
    }
}
