namespace Leaderboard.Shared.Evaluations;

/// <summary>Why an evaluation or an inspection failed. Codes are stable; messages say the particulars.</summary>
public static class FailureCodes
{
    /// <summary>The file has no bytes.</summary>
    public const string CheckpointEmpty = "checkpoint_empty";

    /// <summary>The file is of no format that is read here, or holds no tensors of a network.</summary>
    public const string CheckpointUnrecognised = "checkpoint_unrecognised";

    /// <summary>The file ends before the data that it announces.</summary>
    public const string CheckpointTruncated = "checkpoint_truncated";

    /// <summary>The file asks for code to be imported or called, or could not be run safely.</summary>
    public const string CheckpointUnsafe = "checkpoint_unsafe";

    /// <summary>The file, or what it unpacks to, is over the limit.</summary>
    public const string CheckpointTooLarge = "checkpoint_too_large";

    /// <summary>No architecture that is known here has these tensors.</summary>
    public const string ArchitectureUnknown = "architecture_unknown";

    /// <summary>Several functions fit these tensors; the submission must name its architecture or weights.</summary>
    public const string ArchitectureAmbiguous = "architecture_ambiguous";

    /// <summary>Tensors are missing, left over or misshapen for the architecture.</summary>
    public const string TensorsMismatch = "tensors_mismatch";

    /// <summary>The network has another number of classes than the benchmark.</summary>
    public const string ClassCountMismatch = "class_count_mismatch";

    /// <summary>The protocol learns on features, and the checkpoint gives none.</summary>
    public const string FeaturesUnavailable = "features_unavailable";

    /// <summary>The optimum of a linear probe was not reached on these features.</summary>
    public const string ProbeUnsolved = "probe_unsolved";

    /// <summary>The network takes images of another size, number of channels or element type than it would get.</summary>
    public const string InputMismatch = "input_mismatch";

    /// <summary>This format does not run in the precision that the submission asks for.</summary>
    public const string PrecisionUnsupported = "precision_unsupported";

    /// <summary>The network answers with numbers that cannot be compared (NaN, infinity).</summary>
    public const string OutputNotFinite = "output_not_finite";

    /// <summary>The dataset's folder or one of its files is not on this worker.</summary>
    public const string DatasetMissing = "dataset_missing";

    /// <summary>The dataset's files differ from the benchmark's manifest or definition.</summary>
    public const string DatasetChanged = "dataset_changed";

    /// <summary>An image cannot be decoded; no image is ever skipped.</summary>
    public const string ImageUnreadable = "image_unreadable";

    /// <summary>Without a crop, images of different sizes cannot stand in one batch.</summary>
    public const string ImageSizeVaries = "image_size_varies";

    /// <summary>The eval transform gives images of a size that the network does not take.</summary>
    public const string ImageSizeMismatch = "image_size_mismatch";

    /// <summary>The runner needed more memory than it may have.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>The evaluation took longer than it may.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>The runner ended without a result.</summary>
    public const string RunnerCrashed = "runner_crashed";

    /// <summary>The worker was lost three times while it ran this evaluation.</summary>
    public const string WorkerLost = "worker_lost";

    /// <summary>Something failed on the worker's side, three times.</summary>
    public const string WorkerFailed = "worker_failed";

    /// <summary>Every code there is: a runner that sends another is not believed.</summary>
    public static readonly IReadOnlySet<string> All = typeof(FailureCodes).GetFields()
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToHashSet();
}
