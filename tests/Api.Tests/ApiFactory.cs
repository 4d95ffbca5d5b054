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
public class ApiFactory : IAsyncLifetime
{
    private readonly TemporaryFolder home = new();
    private readonly TimeProvider? time;
    private TestDatabase database = null!;
    private WebApplication app = null!;

    /// <summary>Largest checkpoint that this Api takes: small, so that going over it is quick.</summary>
    public const int MaxCheckpointBytes = 400_000_000;

    public ApiFactory()
    {
    }

    /// <summary>An Api whose timers, too, go by a clock of the test's.</summary>
    internal ApiFactory(TimeProvider time) => this.time = time;

    public Uri Address { get; private set; } = null!;

    public string Home => home.Path;

    /// <summary>Sends the first admin's key.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Sends no key.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    public string ConnectionString => database.ConnectionString;

    public string AdminKey => database.AdminKey;

    /// <summary>The Api's, which a test may put forward.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>What a factory of another kind sets in addition, or otherwise.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    /// <summary>For what workers write.</summary>
    public NpgsqlDataSource Rows { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Database.UseSnakeCaseColumns();
        database = await TestDatabase.CreateAsync();
        Rows = NpgsqlDataSource.Create(database.ConnectionString);
        app = await StartServerAsync();
        Address = new Uri(app.Urls.Single());
        Admin = ClientWith(database.AdminKey);
        Anonymous = ClientWith(key: null);
    }

    private async Task<WebApplication> StartServerAsync()
    {
        var server = Server.Build(
            [
                "--urls=http://127.0.0.1:0",
                $"--ConnectionStrings:Leaderboard={database.ConnectionString}",
                $"--Uploads:MaxCheckpointBytes={MaxCheckpointBytes}",
                "--Logging:LogLevel:Default=Error",
                "--RateLimits:AnonymousPerMinute=0",
                "--RateLimits:UserPerMinute=0",
                "--Events:PollInterval=00:00:00.050",
                .. Settings,
            ],
            new LeaderboardFolders(home.Path, home.At("datasets")),
            time ?? Clock);
        await server.StartAsync();
        // Hangfire has one log provider a process, that of the server built last. Another server would go on using it
        // when this one is disposed, and fail.
        LogProvider.SetCurrentLogProvider(null);
        return server;
    }

    /// <summary>One more Api on the same database and home, which ends when it is disposed.</summary>
    public async Task<Replica> StartReplicaAsync()
    {
        var server = await StartServerAsync();
        return new Replica(server, ClientOf(new Uri(server.Urls.Single()), database.AdminKey));
    }

    public sealed record Replica(WebApplication Server, HttpClient Admin) : IAsyncDisposable
    {
        public HttpClient ClientWith(string? key) => ClientOf(Admin.BaseAddress!, key);

        public async ValueTask DisposeAsync()
        {
            Admin.Dispose();
            await Server.StopAsync();
            await Server.DisposeAsync();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Anonymous.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await Rows.DisposeAsync();
        await database.DisposeAsync();
        home.Dispose();
        GC.SuppressFinalize(this);
    }

    public HttpClient ClientWith(string? key) => ClientOf(Address, key);

    private static HttpClient ClientOf(Uri address, string? key)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        var client = new HttpClient(handler) { BaseAddress = address };
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

    /// <summary>Files in the checkpoint store, unfinished uploads included.</summary>
    public IReadOnlyList<string> StoredFiles() =>
        Directory.GetFiles(home.At("checkpoints"), "*", SearchOption.AllDirectories);
}
