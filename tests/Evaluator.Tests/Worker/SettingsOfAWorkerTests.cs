using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Leaderboard.Evaluator.Worker;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.Configuration;

namespace Leaderboard.Evaluator.Tests.Worker;

public sealed class SettingsOfAWorkerTests
{
    public static TheoryData<string> Names => [.. typeof(WorkerOptions).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_value_is_told_by_the_name_of_its_variable(string name)
    {
        var property = typeof(WorkerOptions).GetProperty(name)!;
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            Assert.StartsWith($"Evaluator__{name} ", rule.FormatErrorMessage(name), StringComparison.Ordinal);
        }
        if (property.PropertyType.IsValueType)
        {
            var exception = Assert.Throws<InvalidOperationException>(() => WorkerSettings.Read(With(name, "nonsense")));
            Assert.StartsWith($"Evaluator__{name} must be ", SettingProblems.Explain(exception), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_set_has_a_default_that_is_in_its_range() => Assert.NotNull(WorkerSettings.Read(With("Device", "cpu")));

    private static IConfiguration With(string name, string value) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Leaderboard"] = "Host=/nowhere;Database=x;Username=x",
            [$"Evaluator:{name}"] = value,
        })
        .Build();
}
