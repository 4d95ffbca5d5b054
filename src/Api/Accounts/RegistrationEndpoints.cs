using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Leaderboard.Api.Accounts;

internal static class RegistrationEndpoints
{
    public static void MapRegistrations(this IEndpointRouteBuilder api) =>
        api.MapPost("/registrations", Register).WithName("Register").WithTags("Accounts")
            .Refuses(
                Problems.JsonMalformed, Problems.ValidationFailed, Problems.MediaTypeUnsupported, Problems.BodyTooLarge,
                Problems.RegistrationClosed, Problems.UserExists);

    /// <summary>Registers a user, where the installation is open to everybody.</summary>
    /// <remarks>The answer holds the user's first key, of scope <c>submit</c>; it is shown this once. Where
    /// registration is closed, which is the default, ask an admin.</remarks>
    internal static async Task<Created<NewUser>> Register(
        RegistrationRequest request,
        NpgsqlDataSource db,
        IOptions<AccountOptions> options,
        CancellationToken cancellationToken)
    {
        if (!options.Value.OpenRegistration)
        {
            throw Problems.RegistrationClosed.Because("Ask an admin of this installation for a key.");
        }
        var errors = new Errors();
        UserName.Check(request.Name, errors);
        ApiKeyRules.CheckLabel(request.Label, errors);
        errors.ThrowIfAny();
        return await UserEndpoints.AddAsync(
            new UserRequest(request.Name, request.Label, [Scopes.Submit]), db, cancellationToken);
    }
}
