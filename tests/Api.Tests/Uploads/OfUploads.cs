using System.Net;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>What tests of uploads share.</summary>
internal static class OfUploads
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static string KeyOf(HttpClient user) => $"Authorization: {user.DefaultRequestHeaders.Authorization}";

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
