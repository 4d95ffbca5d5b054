using System.Net;
using System.Text.Json;

namespace Leaderboard.Api.Tests;

/// <summary>Reads answers, and fails with the whole of an unexpected one.</summary>
internal static class Responses
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {text}");
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static async Task<JsonElement> GetJsonAsync(
        this HttpClient client, string address, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await client.GetAsync(address, Token);
        return await response.ReadAsync(expected);
    }

    public static async Task<JsonElement> PostJsonAsync(
        this HttpClient client, string address, object content, HttpStatusCode expected)
    {
        using var response = await client.PostAsync(address, Samples.Json(content), Token);
        return await response.ReadAsync(expected);
    }

    /// <summary>The answer must be a problem of RFC 9457 with this status and code.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(
        this HttpResponseMessage response, int status, string code)
    {
        var problem = await response.ReadAsync((HttpStatusCode)status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    public static async Task<JsonElement> ShouldRefuseAsync(
        this HttpClient client, string address, object? content, int status, string code)
    {
        using var request = new HttpRequestMessage(content is null ? HttpMethod.Get : HttpMethod.Post, address)
        {
            Content = content is null ? null : Samples.Json(content),
        };
        // A refusal before the body is read would cut off a client that still sends it; this one asks first.
        request.Headers.ExpectContinue = content is not null;
        using var response = await client.SendAsync(request, Token);
        return await response.ShouldBeProblemAsync(status, code);
    }
}
