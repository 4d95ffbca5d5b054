using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Leaderboard.Tests.Support;
using Npgsql;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// A whole installation as an operator runs it: a database of its own, the Api and workers as processes, spoken to
/// over HTTP alone.
/// </summary>
public sealed class Installation : IAsyncLifetime
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("leaderboard-e2e-");
    private readonly List<Program> workers = [];
    private Program? api;
    private int port;
    private TestDatabase database = null!;

    /// <summary>What its Api and its first worker are set to besides.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];

    public HttpClient Http { get; private set; } = null!;

    public Program Api => api!;

    /// <summary>The datasets root.</summary>
    public string Datasets => Path.Combine(home.FullName, "datasets");

    /// <summary>The folder of state.</summary>
    public string Home => home.FullName;

    public string ConnectionString => database.ConnectionString;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Datasets);
        database = await TestDatabase.CreateWithCatalogueAsync();
        port = FreePort();
        api = Start(Settings, "Api", "--urls", $"http://127.0.0.1:{port}");
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/"), Timeout = TimeSpan.FromMinutes(5) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", database.AdminKey);
        StartWorker(Settings);
        await BecomeReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in workers.Append(api).OfType<Program>())
        {
            await program.DisposeAsync();
        }
        Http?.Dispose();
        await database.DisposeAsync();
        home.Delete(recursive: true);
    }

    /// <summary>Kills the Api, and starts it again on the same port.</summary>
    public async Task KillApiAndStartAsync()
    {
        await api!.KillAsync();
        api.Dispose();
        api = Start(Settings, "Api", "--urls", $"http://127.0.0.1:{port}");
        await BecomeReadyAsync();
    }

    /// <summary>One more worker.</summary>
    public Program StartWorker(Dictionary<string, string>? settings = null)
    {
        var worker = Start(settings ?? [], "Evaluator", "work");
        workers.Add(worker);
        return worker;
    }

    /// <summary>The Evaluator with an operator's command.</summary>
    public Program StartEvaluator(params string[] arguments) => Start("Evaluator", arguments);

    /// <summary>The client with a command, as the admin.</summary>
    public Program StartCli(params string[] arguments) => Program.Start("Cli", arguments, new()
    {
        ["LEADERBOARD_URL"] = Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
        ["LEADERBOARD_API_KEY"] = Http.DefaultRequestHeaders.Authorization!.Parameter!,
    });

    /// <summary>The worker that was started last.</summary>
    public Program Worker => workers[^1];

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    public async Task DefineAsync(object benchmark)
    {
        using var answer = await Http.PostAsJsonAsync("benchmarks", benchmark);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Posts a checkpoint in one request; the answer, whatever it is.</summary>
    public async Task<HttpResponseMessage> PostSubmissionAsync(string checkpoint, object submission)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(JsonSerializer.Serialize(submission), new MediaTypeHeaderValue("application/json")), "submission" },
            { new StreamContent(File.OpenRead(checkpoint)), "checkpoint", Path.GetFileName(checkpoint) },
        };
        return await Http.PostAsync("submissions", form);
    }

    /// <summary>
    /// Posts a checkpoint for benchmarks; the ids of its evaluations, in the order of the benchmarks. Each is measured now:
    /// where scores were reused, it is run again.
    /// </summary>
    public async Task<IReadOnlyList<string>> SubmitAsync(
        string checkpoint, string[] benchmarks, string? modelName = null, string? architecture = null,
        string precision = "float32", string output = "logits")
    {
        using var answer = await PostSubmissionAsync(
            checkpoint, new { model_name = modelName ?? Path.GetFileName(checkpoint), benchmarks, architecture, precision, output });
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body);
        var evaluations = JsonNode.Parse(body)!["evaluations"]!.AsArray();
        var ids = new List<string>();
        foreach (var name in benchmarks)
        {
            var evaluation = evaluations.Single(e => (string)e!["benchmark"]! == name.Split('@')[0])!;
            var id = (string)evaluation["id"]!;
            ids.Add(State(evaluation) == "succeeded" ? (string)(await RerunAsync(id))["id"]! : id);
        }
        return ids;
    }

    /// <summary>Has an evaluation measured again; the new one.</summary>
    public async Task<JsonNode> RerunAsync(string evaluation)
    {
        using var answer = await Http.PostAsync($"evaluations/{evaluation}/rerun", content: null);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!;
    }

    public async Task<JsonNode> EndOfAsync(string evaluation, TimeSpan? within = null)
    {
        JsonNode? state = null;
        await Poll.UntilAsync($"evaluation {evaluation} ends", within ?? TimeSpan.FromMinutes(3), async () =>
        {
            state = await GetAsync($"evaluations/{evaluation}");
            return State(state) is "succeeded" or "failed" or "cancelled";
        });
        return state!;
    }

    /// <summary>Posts a checkpoint for a benchmark and waits for its scores.</summary>
    public async Task<JsonNode> ScoreAsync(string checkpoint, string benchmark)
    {
        var evaluation = await EndOfAsync(Assert.Single(await SubmitAsync(checkpoint, [benchmark])));
        Assert.True(State(evaluation) == "succeeded", evaluation.ToJsonString());
        return evaluation;
    }

    /// <summary>Waits until some samples of an evaluation are done and it is still running.</summary>
    public async Task<JsonNode> UnderWayAsync(string evaluation)
    {
        JsonNode? state = null;
        await Poll.UntilAsync($"evaluation {evaluation} is under way", TimeSpan.FromMinutes(1), async () =>
        {
            state = await GetAsync($"evaluations/{evaluation}");
            return State(state) == "running" && (int?)state["progress"]?["done"] > 0;
        });
        return state!;
    }

    /// <summary>What a column of the evaluation's row holds that the API does not show.</summary>
    public async Task<T?> ReadAsync<T>(string evaluation, string column)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        return await connection.ExecuteScalarAsync<T>(
            $"select {column} from evaluations where id = @id", new { id = Guid.Parse(evaluation) });
    }

    public static string Id(JsonNode evaluation) => (string)evaluation["id"]!;

    public static string State(JsonNode evaluation) => (string)evaluation["state"]!;

    public static string? FailureCode(JsonNode evaluation) => (string?)evaluation["failure"]?["code"];

    public static JsonNode Score(JsonNode evaluation, string metric) =>
        evaluation["scores"]!.AsArray().Single(score => (string)score!["metric"]! == metric)!;

    private Task BecomeReadyAsync() => Poll.UntilAsync(
        "the installation is ready", TimeSpan.FromMinutes(1), IsReadyAsync, () => api!.Output + Worker.Output);

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var ready = await Http.GetAsync("/readyz");
            return ready.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Program Start(string project, params string[] arguments) => Start([], project, arguments);

    private Program Start(Dictionary<string, string> settings, string project, params string[] arguments) =>
        Program.Start(project, arguments, new(settings)
        {
            ["ConnectionStrings__Leaderboard"] = ConnectionString,
            ["LEADERBOARD_HOME"] = home.FullName,
            ["LEADERBOARD_DATASETS"] = Datasets,
            ["Uploads__MaxCheckpointBytes"] = Settings.GetValueOrDefault("Uploads__MaxCheckpointBytes", "20000000"),
            // Nobody waits for the end of a test's server.
            ["Shutdown__DrainTime"] = Settings.GetValueOrDefault("Shutdown__DrainTime", "00:00:00"),
        });

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
