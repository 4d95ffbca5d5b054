namespace Leaderboard.EndToEnd.Tests;

/// <summary>A worker that is set wrongly does not start, and says which variable to set.</summary>
public sealed class WorkersWithBadSettingsTests
{
    [Theory]
    [InlineData("ConnectionStrings__Leaderboard", "")]
    [InlineData("ConnectionStrings__Leaderboard", "nonsense")]
    [InlineData("Evaluator__Threads", "many")]
    [InlineData("Evaluator__Threads", "0")]
    [InlineData("Evaluator__TimeLimit", "an hour")]
    [InlineData("Logging__Console__FormatterName", "xml")]
    [InlineData("LEADERBOARD_HOME", "/dev/null/home")]
    public async Task It_ends_with_2_and_names_the_variable(string variable, string value)
    {
        using var worker = Program.Start("Evaluator", ["work"], new()
        {
            ["ConnectionStrings__Leaderboard"] = "Host=/nowhere;Database=x;Username=x",
            [variable] = value,
        });
        await worker.ExitsAsync(expected: 2);
        Assert.Contains(variable, worker.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", worker.Output, StringComparison.Ordinal);
    }
}
