using Spectre.Console;

namespace Leaderboard.Evaluator.Operator;

/// <summary>A bar on a terminal; elsewhere a line at the beginning.</summary>
internal sealed class ProgressBar(ProgressTask? task) : IProgress<int>
{
    public static async Task<T> ShowAsync<T>(string title, int? total, Func<ProgressBar, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            Console.WriteLine(title);
            return await work(new ProgressBar(task: null));
        }
        return await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressBar(Start(context, title, total))));
    }

    /// <summary>Begins anew, with something else to do.</summary>
    public void Restart(string title, int total)
    {
        if (task is null)
        {
            Console.WriteLine(title);
            return;
        }
        task.Description = Markup.Escape(title);
        task.IsIndeterminate = false;
        task.MaxValue = Math.Max(1, total);
        task.Value = 0;
    }

    public void Report(int value)
    {
        if (task is not null)
        {
            task.Value = value;
        }
    }

    private static ProgressTask Start(ProgressContext context, string title, int? total)
    {
        var task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total ?? 1));
        task.IsIndeterminate = total is null;
        return task;
    }
}
