using Dapper;
using Leaderboard.Api.Migrations;
using Leaderboard.Shared.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Hosting;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("").WithTags("Health").AllowAnonymous();
        health.MapGetAndHead("/healthz", GetHealth).WithName("GetHealth");
        health.MapGetAndHead("/readyz", GetReadiness).WithName("GetReadiness")
            .Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Answers as long as the process does.</summary>
    internal static Ok<Health> GetHealth() => TypedResults.Ok(new Health("alive"));

    /// <summary>Answers 200 once submissions can be taken and evaluated, else 503 with what is missing.</summary>
    internal static async Task<Results<Ok<Readiness>, JsonHttpResult<Readiness>>> GetReadiness(
        NpgsqlDataSource db, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var missing = lifetime.ApplicationStopping.IsCancellationRequested
            ? ["api: this server is shutting down"]
            : await FindMissingAsync(db, cancellationToken);
        return missing.Count == 0
            ? TypedResults.Ok(new Readiness("ready", []))
            : TypedResults.Json(new Readiness("not_ready", missing), statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private const string WorkerIsAlive =
        $"select exists (select from workers where {WorkQueues.WorkerIsAlive})";

    private const string AppliedMigrations = $"select scriptname from {MigrationScripts.Journal}";

    private static async Task<IReadOnlyList<string>> FindMissingAsync(
        NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            var applied = await connection.QueryAsync<string>(
                new CommandDefinition(AppliedMigrations, cancellationToken: cancellationToken));
            if (MigrationScripts.Names.Except(applied).FirstOrDefault() is { } script)
            {
                return [$"migrations: {script} is not applied; run 'migrate'"];
            }
            return await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(WorkerIsAlive, cancellationToken: cancellationToken))
                ? []
                : ["worker: none has shown a sign of life within 15 seconds"];
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return ["migrations: none is applied; run 'migrate'"];
        }
        catch (NpgsqlException)
        {
            return ["database: it does not answer"];
        }
    }
}

/// <summary>Whether the process lives.</summary>
/// <param name="Status"><c>alive</c>.</param>
public sealed record Health(string Status);

/// <summary>Whether submissions can be taken and evaluated.</summary>
/// <param name="Status"><c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Missing">What is missing, and what to do about it.</param>
public sealed record Readiness(string Status, IReadOnlyList<string> Missing);
