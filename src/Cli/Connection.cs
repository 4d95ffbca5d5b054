using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Leaderboard.Cli.Contract;

namespace Leaderboard.Cli;

/// <summary>The server's answer was an error; the message is what to print.</summary>
internal sealed class RefusedException(string message) : Exception(message);

/// <summary>Talks to one server: JSON in snake_case, errors as problem details.</summary>
internal sealed class Connection : IDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    public static readonly Option<string?> UrlOption = new("--url")
    {
        Description = "The server. Default: $LEADERBOARD_URL, else " + DefaultUrl,
        HelpName = "url",
        Recursive = true,
    };

    public static readonly Option<string?> ApiKeyOption = new("--api-key")
    {
        Description = "The API key. Default: $LEADERBOARD_API_KEY",
        HelpName = "key",
        Recursive = true,
    };

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    // An upload takes as long as it takes; Ctrl-C ends it.
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };

    public Connection(ParseResult parsed)
    {
        var url = parsed.GetValue(UrlOption) ?? Setting("LEADERBOARD_URL") ?? DefaultUrl;
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var root)
            || (root.Scheme != Uri.UriSchemeHttp && root.Scheme != Uri.UriSchemeHttps))
        {
            throw new RefusedException($"not an http address: {url}");
        }

        http.BaseAddress = root;
        Api = new LeaderboardClient(http);
        if ((parsed.GetValue(ApiKeyOption) ?? Setting("LEADERBOARD_API_KEY")) is { } key)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>Every operation of the server, as its OpenAPI document describes them.</summary>
    public LeaderboardClient Api { get; }

    /// <summary>The server's JSON, for people to read.</summary>
    public async Task<string> GetJsonTextAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return JsonSerializer.Serialize(await ReadAsync<JsonElement>(response, cancellationToken), Json) + "\n";
    }

    /// <summary>The body as the server sent it.</summary>
    public async Task<string> GetTextAsync(string path, string mediaType, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(mediaType);
        using var response = await SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    public async Task<T> PostAsync<T>(string path, HttpContent content, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // A server that refuses by the headers alone says so before gigabytes have been sent.
        request.Headers.ExpectContinue = true;
        using var response = await SendAsync(request, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw new RefusedException(await DescribeAsync(response, cancellationToken));
            }
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken)
                ?? throw new RefusedException("the server answered null");
        }
        catch (JsonException unexpected)
        {
            throw new RefusedException($"the server's answer is not this client's version 1: {unexpected.Message}");
        }
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = $"{(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"the server answered {status}";
        }

        return Describe(await ReadAsync<Problem>(response, cancellationToken));
    }

    /// <summary>A refusal of the generated client, as it is told.</summary>
    public static string Describe(ApiException refusal) => refusal switch
    {
        ApiException<Problem> { Result: { } problem } => Describe(problem),
        { InnerException: JsonException unexpected } =>
            $"the server's answer is not this client's version 1: {unexpected.Message}",
        _ => $"the server answered {refusal.StatusCode}",
    };

    private static string Describe(Problem problem) => string.Join(
        Environment.NewLine,
        [
            $"{problem.Title} ({problem.Code})",
            problem.Detail,
            .. (problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>())
                .SelectMany(field => field.Value, (field, message) => $"  {field.Key}: {message}"),
        ]);

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
