using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Hangfire.Logging;
using Leaderboard.Shared;
using Leaderboard.Shared.Hosting;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Operating;

/// <summary>Whatever is set wrongly, the Api does not start, and says which variable to set.</summary>
public sealed class StartingWithBadSettingsTests
{
    private const string Anywhere = "Host=/nowhere;Database=x;Username=x";

    /// <summary>Every property of every options class that is not a text or has a rule, each with a value against it.</summary>
    public static TheoryData<string, string, string> BadValues()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var options in typeof(Server).Assembly.GetTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)))
        {
            if (options.GetField("Section")?.GetRawConstantValue() is not string section)
            {
                continue;
            }
            foreach (var property in options.GetProperties())
            {
                var key = $"{section}:{property.Name}";
                if (property.PropertyType.IsValueType)
                {
                    data.Add(key, $"{section.Replace(":", "__", StringComparison.Ordinal)}__{property.Name}", "nonsense");
                }
                if (property.GetCustomAttribute<RangeAttribute>() is { } range)
                {
                    data.Add(key, $"{section.Replace(":", "__", StringComparison.Ordinal)}__{property.Name}", BeyondOf(range));
                }
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(BadValues))]
    public async Task It_names_the_variable(string key, string variable, string value)
    {
        var explained = await ExplainAsync($"--ConnectionStrings:Leaderboard={Anywhere}", $"--{key}={value}");
        Assert.StartsWith(variable, explained, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings__Leaderboard")]
    [InlineData("ConnectionStrings__Leaderboard", "--ConnectionStrings:Leaderboard=nonsense")]
    [InlineData("Logging__Console__FormatterName", "--Logging:Console:FormatterName=xml")]
    [InlineData("Logging__LogLevel__", "--Logging:LogLevel:Default=Loud")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "--OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317")]
    [InlineData("ASPNETCORE_URLS", "--urls=nonsense")]
    public async Task It_names_what_is_no_option_too(string variable, params string[] settings)
    {
        string[] connection = variable.StartsWith("Connection", StringComparison.Ordinal)
            ? []
            : [$"--ConnectionStrings:Leaderboard={Anywhere}"];
        Assert.Contains(variable, await ExplainAsync([.. connection, .. settings]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_with_2_and_without_a_stack_trace()
    {
        using var home = new TemporaryFolder();
        string[][] wrong =
        [
            ["--Uploads:MaxCheckpointBytes=0", "--Shutdown:TimeLimit=-1"],
            ["--Uploads:MaxCheckpointBytes=many"],
            ["--Logging:LogLevel:Default=Loud"],
        ];
        foreach (var settings in wrong)
        {
            var (exitCode, output) = await TestDatabase.RunApiAsync(Anywhere, home.Path, home.Path, settings);
            Assert.Equal(2, exitCode);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        var (code, text) = await TestDatabase.RunApiAsync(Anywhere, "/dev/null/home", home.Path);
        Assert.Equal(2, code);
        Assert.StartsWith("LEADERBOARD_HOME", text, StringComparison.Ordinal);
    }

    private static string BeyondOf(RangeAttribute range) => range.OperandType == typeof(TimeSpan) ? "-00:00:01" : range.Minimum switch
    {
        int minimum => $"{minimum - 1L}",
        double minimum => $"{minimum - 1}",
        var minimum => $"{Convert.ToInt64(minimum, System.Globalization.CultureInfo.InvariantCulture) - 1}",
    };

    private static async Task<string> ExplainAsync(params string[] settings)
    {
        using var home = new TemporaryFolder();
        var exception = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var server = Server.Build(
                ["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", .. settings],
                new LeaderboardFolders(home.Path, home.At("datasets")));
            // Hangfire has one log provider a process: that of this server must not outlive it.
            LogProvider.SetCurrentLogProvider(null);
            await server.StartAsync(TestContext.Current.CancellationToken);
        });
        return SettingProblems.Explain(exception) ?? exception.ToString();
    }
}
