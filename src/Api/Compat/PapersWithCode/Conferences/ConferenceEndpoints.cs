using Leaderboard.Api.Compat.PapersWithCode.Papers;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode.Conferences;

internal static class ConferenceEndpoints
{
    public static void MapConferences(this IEndpointRouteBuilder api)
    {
        var conferences = api.MapGroup("/conferences").WithTags("Conferences");
        conferences.MapGetAndHead("/", ListConferences).WithName("ConferencesList");
        conferences.MapGetAndHead("/{conference_id}/", GetConference).WithName("ConferencesRead");
        var proceedings = conferences.MapGroup("/{conference_id}/proceedings");
        proceedings.MapGetAndHead("/", ListProceedings).WithName("ConferencesProceedingsList");
        proceedings.MapGetAndHead("/{proceeding_id}/", GetProceeding).WithName("ConferencesProceedingsRead");
        proceedings.MapGetAndHead("/{proceeding_id}/papers/", ListPapersOfProceeding)
            .WithName("ConferencesProceedingsPapersList");
    }

    /// <summary>Lists conferences.</summary>
    /// <param name="q">Part of the name.</param>
    /// <param name="name">Part of the name.</param>
    /// <param name="ordering">A field to order by, with <c>-</c> before it the other way round: id, name.</param>
    internal static async Task<Ok<NumberedPage<Conference>>> ListConferences(
        string? q,
        string? name,
        string? ordering,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListConferencesAsync(q, name, ordering, page, cancellationToken));

    /// <summary>Shows a conference.</summary>
    /// <param name="conferenceId">Id of the conference.</param>
    internal static async Task<Ok<Conference>> GetConference(
        [FromRoute(Name = "conference_id")] string conferenceId, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetConferenceAsync(conferenceId, cancellationToken));

    /// <summary>Lists a conference's proceedings, the newest first.</summary>
    /// <param name="conferenceId">Id of the conference.</param>
    internal static async Task<Ok<NumberedPage<Proceeding>>> ListProceedings(
        [FromRoute(Name = "conference_id")] string conferenceId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListProceedingsAsync(conferenceId, page, cancellationToken));

    /// <summary>Shows a proceeding.</summary>
    /// <param name="conferenceId">Id of the conference.</param>
    /// <param name="proceedingId">Id of the proceeding.</param>
    internal static async Task<Ok<Proceeding>> GetProceeding(
        [FromRoute(Name = "conference_id")] string conferenceId,
        [FromRoute(Name = "proceeding_id")] string proceedingId,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.GetProceedingAsync(conferenceId, proceedingId, cancellationToken));

    /// <summary>Lists the papers of a proceeding, the newest first.</summary>
    /// <param name="conferenceId">Id of the conference.</param>
    /// <param name="proceedingId">Id of the proceeding.</param>
    internal static async Task<Ok<NumberedPage<Paper>>> ListPapersOfProceeding(
        [FromRoute(Name = "conference_id")] string conferenceId,
        [FromRoute(Name = "proceeding_id")] string proceedingId,
        [AsParameters] PageQuery page,
        NpgsqlDataSource db,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListPapersOfProceedingAsync(conferenceId, proceedingId, page, cancellationToken));
}

/// <summary>A conference.</summary>
/// <param name="Id">Id of the conference.</param>
/// <param name="Name">Its name.</param>
public sealed record Conference(string Id, string Name);

/// <summary>What a conference published one time.</summary>
/// <param name="Id">Id of the proceeding.</param>
/// <param name="Year">Year in which it was held.</param>
/// <param name="Month">Month in which it was held.</param>
public sealed record Proceeding(string Id, int? Year, int? Month);
