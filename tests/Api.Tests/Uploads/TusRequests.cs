using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>Requests of tus 1.0, one by one.</summary>
internal static class TusRequests
{
    public const string Address = "/api/v1/uploads";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Any request, with <c>Tus-Resumable</c> unless the fields name it; one that is null is not sent.</summary>
    public static async Task<HttpResponseMessage> TusAsync(
        this HttpClient client,
        string method,
        string address,
        HttpContent? content,
        params (string Name, string? Value)[] fields)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = content };
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        if (!fields.Any(field => field.Name == "Tus-Resumable"))
        {
            request.Headers.Add("Tus-Resumable", "1.0.0");
        }
        return await client.SendAsync(request, Token);
    }

    /// <summary>Begins an upload; its address.</summary>
    public static async Task<string> CreateUploadAsync(this HttpClient client, long length, string? metadata = null)
    {
        using var created = await client.TusAsync(
            "POST", Address, null, ("Upload-Length", $"{length}"), ("Upload-Metadata", metadata));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return created.Headers.Location!.ToString();
    }

    public static Task<HttpResponseMessage> AppendAsync(
        this HttpClient client, string address, long offset, byte[] bytes, params (string Name, string? Value)[] fields) =>
        client.TusAsync("PATCH", address, Chunk(bytes), [("Upload-Offset", $"{offset}"), .. fields]);

    /// <summary>Where an upload stands.</summary>
    public static async Task<long> OffsetAsync(this HttpClient client, string address)
    {
        using var head = await client.TusAsync("HEAD", address, null);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("no-store", head.Headers.CacheControl!.ToString());
        return long.Parse(head.Field("Upload-Offset")!, null);
    }

    public static string? Field(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    public static ByteArrayContent Chunk(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
