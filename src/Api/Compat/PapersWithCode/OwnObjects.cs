using Dapper;
using Leaderboard.Api.Accounts;
using Leaderboard.Api.Hosting;
using Npgsql;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>Who may change what: users their own, admins everything that is written down and not measured.</summary>
internal static class OwnObjects
{
    /// <summary>Others still refer to what is to be deleted.</summary>
    public static readonly ProblemKind InUse = new(409, "in_use", "Others refer to it.");

    /// <param name="caller">Who asks.</param>
    /// <param name="ownerId">Whose it is; null for the catalogue's and the archive's.</param>
    public static void RequireOwner(Caller caller, Guid? ownerId)
    {
        if (!caller.IsAdmin && (ownerId is null || ownerId != caller.UserId))
        {
            throw Problems.OwnerRequired.Because(ownerId is null
                ? "It is the catalogue's or the archive's: only an admin may change it."
                : "Only the user who made it or an admin may change it.");
        }
    }

    /// <summary>Locks an object that the caller may change, until the transaction ends.</summary>
    public static async Task LockOwnAsync(
        this NpgsqlTransaction transaction, OwnKind kind, string id, Caller caller, CancellationToken cancellationToken)
    {
        var owners = (await transaction.Connection!.QueryAsync<Guid?>(
            new CommandDefinition(kind.Lock, new { id }, transaction, cancellationToken: cancellationToken))).AsList();
        RequireOwner(caller, owners is [var owner] ? owner : throw PapersWithCodeApi.NotFound());
    }

    /// <summary>Deletes an object that the caller may change, as long as nothing refers to it.</summary>
    public static async Task DeleteOwnAsync(
        this NpgsqlDataSource db, OwnKind kind, string id, Caller caller, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.LockOwnAsync(kind, id, caller, cancellationToken);
        if (await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            kind.ListReferences, new { id }, transaction, cancellationToken: cancellationToken)) is { Length: > 0 } references)
        {
            throw InUse.Because($"The {kind.Name} cannot be deleted: {references} refer to it.");
        }
        try
        {
            await connection.ExecuteAsync(
                new CommandDefinition(kind.Delete, new { id }, transaction, cancellationToken: cancellationToken));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw InUse.Because($"The {kind.Name} cannot be deleted: {exception.TableName} refer to it.");
        }
        await transaction.CommitAsync(cancellationToken);
    }
}

/// <summary>A kind of objects that users add.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Lock">Statement that locks the one of an <c>@id</c> and selects its owner.</param>
/// <param name="ListReferences">Statement that says, in one text, what refers to it; empty where nothing does.</param>
/// <param name="Delete">Statement that deletes it.</param>
internal sealed record OwnKind(string Name, string Lock, string ListReferences, string Delete);
