using System.ComponentModel.DataAnnotations;

namespace Leaderboard.Evaluator.Worker;

/// <summary>How a worker runs evaluations. Section <c>Evaluator</c>; in the environment <c>Evaluator__Device</c> and so on.</summary>
public sealed class WorkerOptions
{
    public const string Section = "Evaluator";

    /// <summary>Device of the forward pass: <c>cpu</c> (the default) or <c>cuda:N</c>.</summary>
    [RegularExpression("^(cpu|cuda:[0-9]+)$", ErrorMessage = "Evaluator__Device must be 'cpu' or 'cuda:N'.")]
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of an evaluation, 1 to 1024. The default is the number of processors.</summary>
    [Range(1, 1024, ErrorMessage = "Evaluator__Threads must be from 1 to 1024.")]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory that a runner may have, in bytes, at least 1 GB. The default is three quarters of the machine's.</summary>
    [Range(1_000_000_000, long.MaxValue, ErrorMessage = "Evaluator__MemoryBytes must be at least 1000000000.")]
    public long MemoryBytes { get; init; } =
        Math.Max(1_000_000_000, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3);

    /// <summary>Wall time that one evaluation may take. The default is 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Evaluator__TimeLimit must be from 00:00:01 to 30.00:00:00.")]
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Wall time that the inspection of a checkpoint may take. The default is 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Evaluator__InspectionTimeLimit must be from 00:00:01 to 1.00:00:00.")]
    public TimeSpan InspectionTimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Memory that an inspection may have beside an evaluation, in bytes, at least 1 GB. The default is 4 GB.</summary>
    [Range(1_000_000_000, long.MaxValue, ErrorMessage = "Evaluator__InspectionMemoryBytes must be at least 1000000000.")]
    public long InspectionMemoryBytes { get; init; } = 4_000_000_000;

    /// <summary>
    /// Room for datasets that are decoded and transformed already and for features, in bytes; 0 keeps none. The default
    /// is 100 GB. The least recently used go first, and a tenth of the disk stays free whatever this says.
    /// </summary>
    [Range(0, long.MaxValue, ErrorMessage = "Evaluator__CacheBytes must be at least 0.")]
    public long CacheBytes { get; init; } = 100_000_000_000;

    /// <summary>
    /// Whether checkpoints that are programs (TorchScript) may run where bubblewrap cannot. The default is no: such a
    /// checkpoint could do whatever this worker can.
    /// </summary>
    public bool AllowProgramsWithoutSandbox { get; init; }
}
