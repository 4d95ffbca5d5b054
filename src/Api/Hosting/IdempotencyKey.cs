using System.Text.Json;
using Dapper;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// The <c>Idempotency-Key</c> of a running request. It is held by a lease that slides, so that a request that died with
/// its process frees the key within a minute.
/// </summary>
internal sealed class IdempotencyKey : IAsyncDisposable
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(48);

    public const string Description =
        "1 to 255 visible ASCII characters; a request repeated within 48 hours gets the first answer.";

    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    private readonly NpgsqlDataSource db;
    private readonly Guid userId;
    private readonly string key;
    private readonly Guid holder = Guid.NewGuid();
    private readonly PeriodicTimer timer;
    private Task renewal = Task.CompletedTask;

    private IdempotencyKey(NpgsqlDataSource db, Guid userId, string key)
    {
        (this.db, this.userId, this.key) = (db, userId, key);
        timer = new PeriodicTimer(RenewEvery);
    }

    /// <summary>What an earlier request with this key ended as; null where this one is the first.</summary>
    public Finished? Earlier { get; private set; }

    // A request whose lease ran out is dead, and its key is free.
    private const string Take = """
        insert into idempotency_keys (user_id, key, holder, held_until)
        values (@userId, @key, @holder, now() + interval '1 minute')
        on conflict (user_id, key) do update set holder = excluded.holder, held_until = excluded.held_until
        where idempotency_keys.fingerprint is null and idempotency_keys.held_until < now()
        """;

    private const string FindFinished = """
        select k.fingerprint, k.submission_id, k.status, k.location, case when s.deleted_at is null then k.answer end as answer
        from idempotency_keys k
        left join submissions s on s.id = k.submission_id
        where k.user_id = @userId and k.key = @key and k.fingerprint is not null
        """;

    /// <summary>The request's key, held; null where it sent none.</summary>
    public static async Task<IdempotencyKey?> TakeAsync(
        HttpRequest request, NpgsqlDataSource db, Guid userId, CancellationToken cancellationToken)
    {
        if (request.Headers["Idempotency-Key"] is not [var text, ..])
        {
            return null;
        }
        if (text is not { Length: >= 1 and <= 255 } || text.Any(character => character is < '!' or > '~'))
        {
            throw Problems.RequestMalformed.Because("An Idempotency-Key has 1 to 255 visible ASCII characters.");
        }
        var key = new IdempotencyKey(db, userId, text);
        if (await key.ExecuteAsync(Take, cancellationToken) == 1)
        {
            key.renewal = key.RenewAsync();
            return key;
        }
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        key.Earlier = await connection.QuerySingleOrDefaultAsync<Finished>(
            new CommandDefinition(FindFinished, new { userId, key = text }, cancellationToken: cancellationToken))
            ?? throw InFlight();
        return key;
    }

    private const string Finish = """
        update idempotency_keys set fingerprint = @fingerprint, submission_id = @submissionId
        where user_id = @userId and key = @key and holder = @holder and fingerprint is null
        """;

    /// <summary>
    /// Binds the key to its request, in the transaction that does what was asked: one key never makes two submissions.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="fingerprint">The same for a repeated request, and for no other.</param>
    /// <param name="submissionId">What the request made, if that is a submission.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    public async Task FinishAsync(
        NpgsqlTransaction transaction, string fingerprint, Guid? submissionId, CancellationToken cancellationToken)
    {
        var row = new { userId, key, holder, fingerprint, submissionId };
        if (await transaction.Connection!.ExecuteAsync(
            new CommandDefinition(Finish, row, transaction, cancellationToken: cancellationToken)) != 1)
        {
            throw InFlight();
        }
    }

    private const string Keep = """
        update idempotency_keys set status = @status, location = @location, answer = @answer
        where user_id = @userId and key = @key and holder = @holder
        """;

    /// <summary>Keeps the answer for whoever repeats the request.</summary>
    public async Task KeepAnswerAsync<T>(int status, string location, T body)
    {
        var answer = JsonSerializer.Serialize(body, LeaderboardJson.Options);
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync(Keep, new { userId, key, holder, status, location, answer });
    }

    private const string Release =
        "delete from idempotency_keys where user_id = @userId and key = @key and holder = @holder and fingerprint is null";

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await renewal;
        await ExecuteAsync(Release, CancellationToken.None);
    }

    private const string Renew = """
        update idempotency_keys set held_until = now() + interval '1 minute'
        where user_id = @userId and key = @key and holder = @holder and fingerprint is null
        """;

    private const string Forget = "delete from idempotency_keys where held_until < @before";

    /// <summary>Forgets the keys of requests that ended before some instant; how many.</summary>
    public static async Task<int> ForgetAsync(NpgsqlDataSource db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(Forget, new { before }, cancellationToken: cancellationToken));
    }

    private async Task RenewAsync()
    {
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                await ExecuteAsync(Renew, CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The next tick tries again; a key lost meanwhile is noticed by FinishAsync.
            }
        }
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(sql, new { userId, key, holder }, cancellationToken: cancellationToken));
    }

    private static RefusedException InFlight() =>
        Problems.IdempotencyKeyInFlight.Because("Wait for that request's answer, or send another key.");

    /// <summary>How an earlier request with the key ended.</summary>
    public sealed record Finished(string Fingerprint, Guid? SubmissionId, int? Status, string? Location, string? Answer)
    {
        /// <summary>The first answer; null where its server died between doing and answering, or what was made is
        /// deleted.</summary>
        public ContentHttpResult? AnswerAgain(HttpContext http, string fingerprint)
        {
            if (fingerprint != Fingerprint)
            {
                throw Problems.IdempotencyKeyReused.Because("Send a new key with a new request.");
            }
            if (Answer is null)
            {
                return null;
            }
            http.Response.Headers.Location = Location;
            return TypedResults.Text(Answer, "application/json; charset=utf-8", statusCode: Status);
        }
    }
}
