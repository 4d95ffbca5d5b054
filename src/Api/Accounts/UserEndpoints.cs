using Leaderboard.Api.Hosting;
using Leaderboard.Api.Quotas;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Accounts").RequireAuthorization(Scopes.Admin);
        users.MapPost("/", CreateUser).WithName("CreateUser")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.UserExists);
        users.MapGet("/", ListUsers).WithName("ListUsers")
            .Refuses(Problems.ValidationFailed, Problems.RequestMalformed, Problems.CursorInvalid);
        users.MapGet("/{name}", GetUser).WithName("GetUser").Refuses(Problems.UserUnknown);
        users.MapPost("/{name}/disable", DisableUser).WithName("DisableUser")
            .Refuses(Problems.UserUnknown, Problems.LastAdminKey);
        users.MapPost("/{name}/enable", EnableUser).WithName("EnableUser").Refuses(Problems.UserUnknown);
        users.MapPut("/{name}/quota", SetQuota).WithName("SetQuota")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.UserUnknown);
    }

    /// <summary>Makes a user and their first API key.</summary>
    /// <remarks>The key is shown in this answer and never again.</remarks>
    internal static async Task<Created<NewUser>> CreateUser(
        UserRequest request, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        UserName.Check(request.Name, errors);
        ApiKeyRules.CheckLabel(request.Label, errors);
        ApiKeyRules.CheckScopes(request.Scopes ?? [Scopes.Submit], errors);
        ApiKeyRules.CheckExpiry(request.ExpiresAt, clock, errors);
        errors.ThrowIfAny();
        return await AddAsync(request, db, cancellationToken);
    }

    /// <summary>Lists the users, by name.</summary>
    /// <param name="limit">Rows of a page, 1 to 200; 50 by default.</param>
    /// <param name="cursor">Where the page begins: <c>next</c> of the page before.</param>
    internal static async Task<Ok<Page<User>>> ListUsers(
        HttpContext http, NpgsqlDataSource db, int? limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await db.ListUsersAsync(Cursor.Limit(limit), cursor, cancellationToken);
        Cursor.SetNextLink(http, page.Next);
        return TypedResults.Ok(page);
    }

    /// <summary>Shows a user, and what is left to them.</summary>
    /// <param name="name">Name of the user.</param>
    internal static async Task<Ok<UserDetails>> GetUser(
        string name, NpgsqlDataSource db, UserQuotas quotas, CancellationToken cancellationToken)
    {
        var row = await FindAsync(name, db, cancellationToken);
        return TypedResults.Ok(new UserDetails(
            row.Name, row.CreatedAt, row.DisabledAt, row.Overrides,
            await quotas.ReadAsync(new Caller(row.Id, IsAdmin: false), cancellationToken)));
    }

    /// <summary>Disables a user: none of their keys opens anything until they are enabled again.</summary>
    /// <remarks>What they handed in stays, and what waits is still evaluated. The holder of the last admin key that
    /// never expires is not disabled.</remarks>
    /// <param name="name">Name of the user.</param>
    internal static Task<Ok<User>> DisableUser(
        string name, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken) =>
        SetDisabledAsync(name, disabled: true, db, clock, cancellationToken);

    /// <summary>Enables a user who was disabled.</summary>
    /// <param name="name">Name of the user.</param>
    internal static Task<Ok<User>> EnableUser(
        string name, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken) =>
        SetDisabledAsync(name, disabled: false, db, clock, cancellationToken);

    /// <summary>Sets what a user may have, in place of the installation's quotas.</summary>
    /// <remarks>Sets all four: one that is null or left out is the installation's again.</remarks>
    /// <param name="name">Name of the user.</param>
    internal static async Task<Ok<User>> SetQuota(
        string name, QuotaOverrides overrides, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        QuotaRules.Validate(overrides);
        if (!await db.SetQuotaAsync(name, overrides, cancellationToken))
        {
            throw Unknown(name);
        }
        return TypedResults.Ok((await FindAsync(name, db, cancellationToken)).ToUser());
    }

    private static async Task<Ok<User>> SetDisabledAsync(
        string name, bool disabled, NpgsqlDataSource db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!await db.KeepAsync(
            clock,
            transaction => transaction.SetDisabledAsync(name, disabled, clock.GetUtcNow(), cancellationToken),
            cancellationToken))
        {
            throw Unknown(name);
        }
        return TypedResults.Ok((await FindAsync(name, db, cancellationToken)).ToUser());
    }

    public static async Task<Created<NewUser>> AddAsync(
        UserRequest request, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var key = await db.AddUserAsync(
            request.Name, request.Label, request.Scopes ?? [Scopes.Submit], request.ExpiresAt, cancellationToken)
            ?? throw Problems.UserExists.Because($"There is a user '{request.Name}'. Choose another name.");
        var user = (await FindAsync(request.Name, db, cancellationToken)).ToUser();
        return TypedResults.Created($"/api/v1/users/{request.Name}", new NewUser(user, key));
    }

    private static async Task<UserQueries.UserRow> FindAsync(
        string name, NpgsqlDataSource db, CancellationToken cancellationToken) =>
        await db.FindUserAsync(name, cancellationToken) ?? throw Unknown(name);

    private static RefusedException Unknown(string name) => Problems.UserUnknown.Because($"There is no user '{name}'.");
}
