using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hangfire.Logging;
using Leaderboard.Shared;
using Leaderboard.Shared.Hosting;
using Leaderboard.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Leaderboard.Api.Tests;

/// <summary>
/// The whole Api on a free port, with a database and a home of its own, and what a test may want done.
/// </summary>
public sealed class ApiFactory : IAsyncLifetime
{
    private readonly TemporaryFolder home = new();
    private readonly List<WebApplication> replicas = [];
    private readonly TimeProvider time;
    private readonly long maxCheckpointBytes;
    private TestDatabase database = null!;
    private WebApplication app = null!;

    /// <summary>Largest checkpoint that this Api takes: small, so that going over it is quick.</summary>
    public const int MaxCheckpointBytes = 400_000_000;

    public ApiFactory()
        : this(TimeProvider.System)
    {
    }

    /// <summary>An Api with a clock or a limit of the test's.</summary>
    internal ApiFactory(TimeProvider time, long maxCheckpointBytes = MaxCheckpointBytes) =>
        (this.time, this.maxCheckpointBytes) = (time, maxCheckpointBytes);

    public Uri Address { get; private set; } = null!;

    public string Home => home.Path;

    /// <summary>Sends the first admin's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Sends no key.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public string AdminKey => database.AdminKey;

    /// <summary>For what workers write.</summary>
    public NpgsqlDataSource Rows { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database.UseSnakeCaseColumns();
        database = await TestDatabase.CreateAsync();
        Rows = NpgsqlDataSource.Create(database.ConnectionString);
        app = await StartAsync();
        // Hangfire has one log provider a process, that of the server built last. Another server would go on using it
        // when this one is disposed, and fail.
        LogProvider.SetCurrentLogProvider(null);
        Address = new Uri(app.Urls.Single());
        Admin = ClientWith(database.AdminKey);
        Anonymous = ClientWith(key: null);
    }

    /// <summary>One more Api on the same database and home; its address.</summary>
    public async Task<Uri> StartReplicaAsync()
    {
        var replica = await StartAsync();
        replicas.Add(replica);
        LogProvider.SetCurrentLogProvider(null);
        return new Uri(replica.Urls.Single());
    }

    /// <summary>Stops a replica, as an operator does: what is under way may end.</summary>
    public Task StopReplicaAsync(Uri address) =>
        replicas.Single(replica => new Uri(replica.Urls.Single()) == address).StopAsync();

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Anonymous.Dispose();
        foreach (var server in replicas.Append(app))
        {
            await server.StopAsync();
            await server.DisposeAsync();
        }
        await Rows.DisposeAsync();
        await database.DisposeAsync();
        home.Dispose();
    }

    public HttpClient ClientWith(string? key, Uri? address = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        var client = new HttpClient(handler) { BaseAddress = address ?? Address };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        return client;
    }

    /// <summary>A new user with a key of these scopes, <c>submit</c> by default.</summary>
    public async Task<HttpClient> CreateUserAsync(string name, params string[] scopes)
    {
        var request = new { user = name, label = "test", scopes = scopes is [] ? ["submit"] : scopes };
        var created = await Admin.PostJsonAsync("/api/v1/api-keys", request, System.Net.HttpStatusCode.Created);
        return ClientWith(created.GetProperty("key").GetString());
    }

    /// <summary>A benchmark that any checkpoint may be handed in for.</summary>
    public async Task CreateBenchmarkAsync(string name, string version = "1") => await Admin.PostJsonAsync(
        "/api/v1/benchmarks", Samples.Benchmark(name, version), System.Net.HttpStatusCode.Created);

    /// <summary>Hands in some checkpoint and gives the submission as it was answered.</summary>
    public static async Task<JsonElement> SubmitAsync(HttpClient user, object submission, byte[]? checkpoint = null)
    {
        using var form = Samples.Form(submission, checkpoint ?? Samples.Checkpoint());
        using var response = await user.PostAsync("/api/v1/submissions", form, TestContext.Current.CancellationToken);
        return await response.ReadAsync(System.Net.HttpStatusCode.Accepted);
    }

    private async Task<WebApplication> StartAsync()
    {
        var started = Server.Build(
            [
                "--urls=http://127.0.0.1:0",
                $"--ConnectionStrings:Leaderboard={database.ConnectionString}",
                $"--Uploads:MaxCheckpointBytes={maxCheckpointBytes}",
                "--Logging:LogLevel:Default=Error",
            ],
            new LeaderboardFolders(home.Path, home.At("datasets")),
            time);
        await started.StartAsync();
        return started;
    }

    /// <summary>Files in the checkpoint store, unfinished uploads included.</summary>
    public IReadOnlyList<string> StoredFiles() =>
        Directory.GetFiles(home.At("checkpoints"), "*", SearchOption.AllDirectories);
}
