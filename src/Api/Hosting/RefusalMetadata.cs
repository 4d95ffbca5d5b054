namespace Leaderboard.Api.Hosting;

/// <summary>
/// The problems that an operation may answer with, beside those that any may; read by the OpenAPI document.
/// </summary>
internal sealed record RefusalMetadata(IReadOnlyList<ProblemKind> Kinds);

internal static class RefusalMetadataExtensions
{
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ProblemKind[] kinds) =>
        route.WithMetadata(new RefusalMetadata(kinds));
}
