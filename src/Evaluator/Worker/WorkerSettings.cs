using System.ComponentModel.DataAnnotations;
using Leaderboard.Shared.Hosting;
using Microsoft.Extensions.Configuration;

namespace Leaderboard.Evaluator.Worker;

/// <summary>What this program was configured with, checked.</summary>
internal sealed record WorkerSettings(string ConnectionString, WorkerOptions Options)
{
    private const int Connections = 20;

    /// <summary>The settings; null where they cannot be used, which has been said on standard error by the key to set.</summary>
    public static WorkerSettings? Read(IConfiguration configuration)
    {
        var connectionString = Database.ConnectionString(configuration, Connections);
        var options = configuration.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new WorkerOptions();
        var problems = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            return new WorkerSettings(connectionString, options);
        }
        Console.Error.WriteLine(string.Join('\n', problems.Select(problem => problem.ErrorMessage)));
        return null;
    }
}
