using System.Text;
using System.Text.Json;
using Leaderboard.Shared;

namespace Leaderboard.Api.Leaderboards;

/// <summary>Writes the state of the art over time as JSON, or draws it.</summary>
internal static class ProgressWriter
{
    public static byte[] Write(ProgressLine line, string mediaType) => mediaType == ProgressChart.MediaType
        ? Encoding.UTF8.GetBytes(ProgressChart.Draw(line))
        : JsonSerializer.SerializeToUtf8Bytes(line, LeaderboardJson.Options);
}
