using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Leaderboard.Api.Tests.Catalogue;
using Leaderboard.Api.Tests.EvaluationTables;
using Leaderboard.Api.Tests.Requests;

namespace Leaderboard.Api.Tests;

/// <summary>Thousands of requests made from the OpenAPI document; each answer must be one that it describes.</summary>
public sealed class EveryRequestTests(EveryRequestTests.Api api) : IClassFixture<EveryRequestTests.Api>
{
    public sealed class Api : ApiFactory
    {
        protected override IReadOnlyList<string> Settings =>
        [
            "--Accounts:OpenRegistration=true", "--RateLimits:RegistrationsPerHour=0", "--Events:Heartbeat=00:00:00.200",
        ];
    }

    private const int Count = 4000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_is_one_that_the_document_describes()
    {
        const int Seed = 20261126;
        var keys = await KeysAsync();
        var uploads = await FillAsync();
        var document = await ApiDocument.ReadAsync(api.Anonymous);
        var known = await LearnAsync(document);
        known.Learn(uploads, "upload");
        await SpareAsync(keys, known);
        var generator = new RequestGenerator(document, known, keys, new Random(Seed));
        var requests = Enumerable.Range(0, Count).Select(generator.Make).ToList();

        var answers = new ConcurrentDictionary<(string Operation, int Status), int>();
        var faults = await SendAsync(document, requests, answers);

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join('\n', answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key}: {answer.Value}")));
        // One of each kind: an operation and how its fault begins.
        Assert.True(
            faults.Count == 0,
            $"seed {Seed}: {faults.Count} answers\n{string.Join("\n\n", faults.DistinctBy(fault => (fault.Operation, fault.Text[..40])).Select(fault => fault.Text))}");
        // Nothing is proved by a generator that is refused at the door.
        var succeeded = answers.Keys.Where(answer => answer.Status < 400).Select(answer => answer.Operation).ToHashSet();
        Assert.Empty(document.Operations.Select(operation => operation.Id).Except(succeeded));
    }

    private async Task<List<(string Operation, string Text)>> SendAsync(
        ApiDocument document, List<GeneratedRequest> requests, ConcurrentDictionary<(string, int), int> answers)
    {
        var rules = new AnswerRules(document);
        var faults = new ConcurrentBag<(string Operation, string Text)>();
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(60) };
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token };
        await Parallel.ForEachAsync(requests, options, async (request, cancellationToken) =>
        {
            using var message = request.ToMessage(api.Address);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var type = response.Content.Headers.ContentType?.MediaType;
            var body = type == "text/event-stream"
                ? await ReadFirstEventAsync(response.Content, cancellationToken)
                : await response.Content.ReadAsStringAsync(cancellationToken);
            var status = (int)response.StatusCode;
            answers.AddOrUpdate((request.Operation.Id, status), 1, (_, count) => count + 1);
            string? fault;
            lock (rules)
            {
                fault = rules.Fault(request, status, type, body);
            }
            if (fault is not null)
            {
                faults.Add((request.Operation.Id, $"{fault}\n{request}"));
            }
        });
        return [.. faults.OrderBy(fault => fault.Text, StringComparer.Ordinal)];
    }

    // A stream of events has no end to wait for; its first is there at once, or it is a heartbeat.
    private static async Task<string> ReadFirstEventAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancellationToken));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            lines.Add(line);
        }
        return string.Join('\n', lines);
    }

    /// <summary>
    /// Something to be found: benchmarks, submissions in every state, boards, results that wait, users, keys, webhooks; and
    /// uploads, which no list has.
    /// </summary>
    private async Task<JsonArray> FillAsync()
    {
        // However long the requests take, the worker does not die meanwhile.
        await api.BeatAsync(secondsAgo: -3600);
        // That of the document's examples.
        await api.CreateBenchmarkAsync("webvision-1.0");
        for (var model = 0; model < 40; model++)
        {
            var wanted = Samples.Submission("webvision-1.0", $"model-{model}");
            wanted["visibility"] = model < 2 ? "private" : "public";
            var submission = await ApiFactory.SubmitAsync(api.Admin, wanted);
            if (model > 27)
            {
                var id = submission.GetProperty("evaluations")[0].GetProperty("id").GetGuid();
                await api.RecordScoreAsync(id, ("a.jpg", 0, 0), ("b.jpg", 1, model % 2));
            }
        }
        var uploads = new JsonArray();
        for (var one = 0; one < 24; one++)
        {
            await api.ReportAsync("webvision-1.0", $"published-{one}", 0.7 + (one / 100.0));
            await api.ReportAsync("webvision-1.0", $"printed-{one}", 0.5 + (one / 100.0));
            await PostAsync("results", new
            {
                benchmark = "webvision-1.0",
                metric = "top1_accuracy",
                value = 0.6 + (one / 100.0),
                model_name = $"reported-{one}",
                source_url = "https://paper.example/",
            });
            await PostAsync("users", new { name = $"user-{one}" });
            await PostAsync("me/api-keys", new { label = $"key-{one}", scopes = new[] { "submit" } });
            using var upload = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads")
            {
                Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", "100000" } },
            };
            using var created = await api.Admin.SendAsync(upload, Token);
            uploads.Add(created.Headers.Location!.OriginalString.Split('/')[^1]);
        }
        // Called as a benchmark's metric is, so that requests that name one often name theirs.
        for (var one = 0; one < 4; one++)
        {
            await api.AddTableAsync($"table-{one}", ["top1_accuracy"]);
            await api.AddRowAsync($"table-{one}", "a", ["73.9"], paperDate: "2020-09-17");
            await api.AddRowAsync($"table-{one}", "b", ["n/a"]);
        }
        await FillCatalogueAsync();
        for (var one = 0; one < 8; one++)
        {
            await PostAsync("webhooks", new { url = "https://ci.example/", events = new[] { "evaluation.failed" } });
        }
        return uploads;
    }

    private async Task FillCatalogueAsync()
    {
        await api.AddTaskAsync("ranking", "Ranking", "Methodology");
        await api.AddDatasetAsync("imagenet", "ImageNet");
        await api.AddMethodAsync("moco", "MoCo");
        for (var one = 0; one < 8; one++)
        {
            await api.AddPaperAsync($"arxiv:2009.0799{one}", $"Momentum prototypes {one}", new DateOnly(2020, 9, 17), ["ranking"], ["moco"]);
        }
    }

    private async Task PostAsync(string list, object request)
    {
        using var response = await api.Admin.PostAsJsonAsync($"/api/v1/{list}", request, Token);
        response.EnsureSuccessStatusCode();
    }

    private async Task<string?[]> KeysAsync()
    {
        using var submitter = await api.CreateUserAsync("submitter");
        using var admin = await api.CreateUserAsync("only-admin", "admin");
        return
        [
            api.AdminKey, submitter.DefaultRequestHeaders.Authorization!.Parameter,
            admin.DefaultRequestHeaders.Authorization!.Parameter, null,
        ];
    }

    /// <summary>Nobody disables those who send the requests, or ends their keys: all after it would be refused.</summary>
    private async Task SpareAsync(string?[] keys, KnownValues known)
    {
        foreach (var key in keys.OfType<string>())
        {
            using var client = api.ClientWith(key);
            var me = await client.GetFromJsonAsync<JsonNode>("/api/v1/me", Token);
            known.Forget((string)me!["user"]!, "user");
            known.Forget((string)me["api_key"]!["id"]!);
        }
    }

    /// <summary>What the server tells of itself, so that requests can name it.</summary>
    private async Task<KnownValues> LearnAsync(ApiDocument document)
    {
        var known = new KnownValues();
        var lists = document.Operations.Where(one => one.Method == "GET" && !one.Path.Contains('{'));
        foreach (var (operation, query) in lists.SelectMany(one => (string[])["?limit=200", "?limit=2"], (one, query) => (one, query)))
        {
            using var response = await api.Admin.GetAsync(operation.Path + query, HttpCompletionOption.ResponseHeadersRead, Token);
            if (response is { StatusCode: HttpStatusCode.OK, Content.Headers.ContentType.MediaType: "application/json" })
            {
                if (JsonNode.Parse(await response.Content.ReadAsStringAsync(Token)) is not JsonObject answer)
                {
                    continue;
                }
                known.Learn(answer);
                foreach (var row in answer["items"]?.AsArray() ?? [])
                {
                    known.Learn(row!["id"] ?? row["name"], operation.Path.Split('/')[^1].TrimEnd('s').Replace('-', '_'));
                }
                foreach (var evaluation in (answer["items"]?.AsArray() ?? []).SelectMany(row => row!["evaluations"]?.AsArray() ?? []))
                {
                    // The last two are what GET /compare calls those that it compares.
                    var isScored = (string?)evaluation!["state"] == "succeeded";
                    foreach (var name in (string[])(isScored ? ["evaluation", "a", "b"] : ["evaluation"]))
                    {
                        known.Learn(evaluation["id"], name);
                    }
                }
            }
        }
        return known;
    }
}
