using System.Globalization;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>What an evaluation predicted for a sample.</summary>
/// <param name="Target">Its right class, or classes with spaces between, as they are written.</param>
/// <param name="Class">The class that was predicted.</param>
internal sealed record Predicted(string Target, int Class)
{
    /// <summary>An evaluation's predictions by sample.</summary>
    public static async Task<IReadOnlyDictionary<string, Predicted>> OfAsync(
        Installation installation, string evaluation)
    {
        var csv = await installation.Http.GetStringAsync(
            $"evaluations/{evaluation}/predictions", TestContext.Current.CancellationToken);
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("sample,target,prediction,confidence,correct", lines[0]);
        return lines.Skip(1).Select(line => line.Split(',')).ToDictionary(
            fields => fields[0],
            fields => new Predicted(fields[1], int.Parse(fields[2], CultureInfo.InvariantCulture)));
    }
}
