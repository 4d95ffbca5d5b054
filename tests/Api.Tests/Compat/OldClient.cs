using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Web;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>
/// Asks as the Python client of Papers With Code does, and requires of answers what its models require: each field of its type,
/// and null only where the model takes it.
/// </summary>
internal sealed class OldClient(ApiFactory api, string? key = null) : IDisposable
{
    public const string Root = "/compat/paperswithcode/api/v1";

    /// <summary>Fields of each model; a question mark takes null.</summary>
    private static readonly Dictionary<string, string> Models = new()
    {
        ["Paper"] = "id:str arxiv_id:str? nips_id:str? url_abs:str url_pdf:str title:str abstract:str authors:list published:date? "
                    + "conference:str? conference_url_abs:str? conference_url_pdf:str? proceeding:str?",
        ["Repository"] = "url:str owner:str name:str description:str stars:int framework:str is_official:bool?",
        ["PaperRepo"] = "paper:dict repository:dict? is_official:bool",
        ["Author"] = "id:str full_name:str",
        ["Conference"] = "id:str name:str",
        ["Proceeding"] = "id:str year:int? month:int?",
        ["Area"] = "id:str name:str",
        ["Task"] = "id:str name:str description:str",
        ["Dataset"] = "id:str name:str url:str?",
        ["Method"] = "id:str name:str full_name:str description:str paper:str?",
        ["EvaluationTable"] = "id:str task:str dataset:str description:str mirror_url:str?",
        ["Metric"] = "id:str name:str description:str is_loss:bool",
        ["Result"] = "id:str best_rank:int? metrics:dict methodology:str uses_additional_data:bool paper:str? best_metric:str? "
                     + "evaluated_on:date? external_source_url:str?",
        ["EvaluationTableSync"] = "id:str task:str dataset:str description:str mirror_url:str? external_id:str? metrics:list results:list",
        ["MetricSync"] = "name:str description:str is_loss:bool",
        ["ResultSync"] = "id:str metrics:dict methodology:str paper:str? uses_additional_data:bool external_id:str? "
                         + "evaluated_on:date? external_source_url:str?",
    };

    private readonly HttpClient http = api.ClientWith(key: null);

    public sealed record Page(long Count, int? NextPage, int? PreviousPage, IReadOnlyList<JsonElement> Results)
    {
        public IReadOnlyList<string> Ids => [.. Results.Select(row => row.GetProperty("id").GetString()!)];
    }

    /// <summary>A page of a list, which the client asks for with both parameters always.</summary>
    public async Task<Page> ListAsync(string model, string path, int page = 1, int itemsPerPage = 50, string query = "")
    {
        var answer = await SendAsync("GET", $"{path}?page={page}&items_per_page={itemsPerPage}{query}");
        return Read(model, answer!.Value);
    }

    public async Task<JsonElement> GetAsync(string model, string path)
    {
        var answer = (await SendAsync("GET", path))!.Value;
        Check(model, answer);
        return answer;
    }

    public async Task<JsonElement> PostAsync(string model, string path, object body)
    {
        var answer = (await SendAsync("POST", path, body))!.Value;
        Check(model, answer);
        return answer;
    }

    public async Task<JsonElement> PatchAsync(string model, string path, object body)
    {
        var answer = (await SendAsync("PATCH", path, body))!.Value;
        Check(model, answer);
        return answer;
    }

    public Task DeleteAsync(string path) => SendAsync("DELETE", path);

    public async Task<JsonElement> SynchronizeAsync(object table)
    {
        var answer = await PostAsync("EvaluationTableSync", "/rpc/evaluation-synchronize/", table);
        Assert.All(answer.GetProperty("metrics").EnumerateArray(), metric => Check("MetricSync", metric));
        Assert.All(answer.GetProperty("results").EnumerateArray(), result => Check("ResultSync", result));
        return answer;
    }

    /// <summary>The answer's JSON; null where it has no body. Anything but 2xx fails.</summary>
    public async Task<JsonElement?> SendAsync(string method, string path, object? body = null)
    {
        using var response = await AskAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        if (response.StatusCode != HttpStatusCode.NoContent)
        {
            Assert.Contains("<https://creativecommons.org/licenses/by-sa/4.0/>; rel=\"license\"", response.Headers.GetValues("Link"));
        }
        return text.Length == 0 ? null : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The answer must be this error, as Django REST framework writes it.</summary>
    public async Task<JsonElement> RefusedAsync(int status, string method, string path, object? body = null)
    {
        using var response = await AskAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)response.StatusCode == status, $"{method} {path}: {(int)response.StatusCode} instead of {status}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = JsonDocument.Parse(text).RootElement;
        Assert.Equal(JsonValueKind.Object, error.ValueKind);
        if (status == 401)
        {
            Assert.Equal("Token", response.Headers.WwwAuthenticate.Single().Scheme);
        }
        if (status == 400)
        {
            Assert.NotEmpty(error.GetProperty("error").EnumerateArray());
        }
        else
        {
            Assert.NotEmpty(error.GetProperty("detail").GetString()!);
        }
        return error;
    }

    public async Task<HttpResponseMessage> AskAsync(string method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Root + path);
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", key);
        }
        if (body is not null)
        {
            request.Content = new StringContent(
                body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            // A refusal before the body is read would cut off a client that still sends it: of a large one this asks first.
            request.Headers.ExpectContinue = request.Content.Headers.ContentLength > 1 << 20;
        }
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => http.Dispose();

    public static Page Read(string model, JsonElement answer)
    {
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        results.ForEach(row => Check(model, row));
        return new Page(
            answer.GetProperty("count").GetInt64(), PageOf(answer.GetProperty("next")), PageOf(answer.GetProperty("previous")), results);
    }

    private static int? PageOf(JsonElement address)
    {
        if (address.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        var uri = new Uri(address.GetString()!, UriKind.Absolute);
        return int.Parse(HttpUtility.ParseQueryString(uri.Query)["page"] ?? "1", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static void Check(string model, JsonElement row)
    {
        foreach (var field in Models[model].Split(' '))
        {
            var (name, type) = field.Split(':') is [var first, var second] ? (first, second) : default;
            Assert.True(row.TryGetProperty(name, out var value), $"{model}.{name} is not there: {row}");
            var fits = (value.ValueKind, type.TrimEnd('?')) switch
            {
                (JsonValueKind.Null, _) => type.EndsWith('?'),
                (JsonValueKind.String, "str") => true,
                (JsonValueKind.String, "date") => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", out _),
                (JsonValueKind.Number, "int") => value.TryGetInt64(out _),
                (JsonValueKind.True or JsonValueKind.False, "bool") => true,
                (JsonValueKind.Array, "list") => true,
                (JsonValueKind.Object, "dict") => true,
                _ => false,
            };
            Assert.True(fits, $"{model}.{name} is no {type}: {value}");
        }
        if (model == "PaperRepo")
        {
            Check("Paper", row.GetProperty("paper"));
            if (row.GetProperty("repository").ValueKind == JsonValueKind.Object)
            {
                Check("Repository", row.GetProperty("repository"));
            }
        }
    }
}
