using System.Net;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>What tests of uploads share.</summary>
internal static class UploadRequests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Sends the head of a request that appends from the beginning on, with further lines, the body's length or its coding among
    /// them; the body is the test's.
    /// </summary>
    public static Task SendAppendHeadAsync(this RawConnection connection, HttpClient user, string address, params string[] more) =>
        connection.SendHeadAsync(
        [
            $"PATCH {address} HTTP/1.1", "Host: x", $"Authorization: {user.DefaultRequestHeaders.Authorization}",
            "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Type: application/offset+octet-stream", .. more,
        ]);

    // The request that broke off may still be counting what it got.
    public static async Task<HttpResponseMessage> AppendOnceUnlockedAsync(
        HttpClient user, string address, long offset, byte[] bytes)
    {
        HttpResponseMessage? answer = null;
        await Poll.UntilAsync(async () =>
        {
            answer?.Dispose();
            answer = await user.AppendAsync(address, offset, bytes);
            return answer.StatusCode != (HttpStatusCode)423;
        });
        return answer!;
    }

    public static string FileOf(this ApiFactory api, string address) =>
        Path.Combine(api.Home, "checkpoints", "uploads", Guid.Parse(address.Split('/')[^1]).ToString("N"));
}
