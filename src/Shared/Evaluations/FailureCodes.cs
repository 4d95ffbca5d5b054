using System.ComponentModel;
using System.Reflection;

namespace Leaderboard.Shared.Evaluations;

/// <summary>
/// Why an evaluation or an inspection failed. Codes are stable; messages say the particulars. What each means, and what its
/// submitter can do, stands in the OpenAPI document.
/// </summary>
public static class FailureCodes
{
    [Description("The file has no bytes. Upload it again.")]
    public const string CheckpointEmpty = "checkpoint_empty";

    [Description("The file is of no format that is read here, or holds no tensors of a network. Save the weights as "
        + "safetensors or by torch.save.")]
    public const string CheckpointUnrecognised = "checkpoint_unrecognised";

    [Description("The file ends before the data that it announces. Upload it again, with its SHA-256 announced.")]
    public const string CheckpointTruncated = "checkpoint_truncated";

    [Description("The file asks for code to be imported or called, or could not be run safely. Save the weights alone.")]
    public const string CheckpointUnsafe = "checkpoint_unsafe";

    [Description("The file, or what it unpacks to, is over the limit. Leave out what training needs: the optimiser's state.")]
    public const string CheckpointTooLarge = "checkpoint_too_large";

    [Description("No architecture that is known here has these tensors. Export the network as ONNX or TorchScript.")]
    public const string ArchitectureUnknown = "architecture_unknown";

    [Description("Several functions fit these tensors. Name 'architecture' or 'weights' in the submission.")]
    public const string ArchitectureAmbiguous = "architecture_ambiguous";

    [Description("Tensors are missing, left over or misshapen for the architecture; the message lists them. Mend the file, or "
        + "name another 'architecture'.")]
    public const string TensorsMismatch = "tensors_mismatch";

    [Description("The network has another number of classes than the benchmark, or no classifier. Submit it to the benchmark "
        + "that it was trained for, or to one that learns on features.")]
    public const string ClassCountMismatch = "class_count_mismatch";

    [Description("The protocol learns on features, and the checkpoint gives none. Export it with 'output' set to 'features'.")]
    public const string FeaturesUnavailable = "features_unavailable";

    [Description("The optimum of a linear probe was not reached on these features. Look for features that are huge or "
        + "constant.")]
    public const string ProbeUnsolved = "probe_unsolved";

    [Description("The network takes images of another size, number of channels or element type than it would get. Declare an "
        + "'eval_transform' that fits it, or export it for three channels of float32.")]
    public const string InputMismatch = "input_mismatch";

    [Description("This format does not run in the precision that the submission asks for. Ask for 'float32', or hand in the "
        + "weights alone.")]
    public const string PrecisionUnsupported = "precision_unsupported";

    [Description("The network answers with numbers that cannot be compared (NaN, infinity). Look into the weights; ask for "
        + "'float32' where it was 'bfloat16'.")]
    public const string OutputNotFinite = "output_not_finite";

    [Description("The dataset's folder or one of its files is not on this worker. It is the operator's to mend; then rerun.")]
    public const string DatasetMissing = "dataset_missing";

    [Description("The dataset's files differ from the benchmark's manifest or definition. It is the operator's to mend; then "
        + "rerun.")]
    public const string DatasetChanged = "dataset_changed";

    [Description("An image cannot be decoded; no image is ever skipped. It is the operator's to mend; then rerun.")]
    public const string ImageUnreadable = "image_unreadable";

    [Description("Without a crop, images of different sizes cannot stand in one batch. Declare an 'eval_transform' with a "
        + "'crop'.")]
    public const string ImageSizeVaries = "image_size_varies";

    [Description("The eval transform gives images of a size that the network does not take. Declare an 'eval_transform' that "
        + "fits it.")]
    public const string ImageSizeMismatch = "image_size_mismatch";

    [Description("The runner needed more memory than it may have. Hand in a smaller network, or ask the operator for more.")]
    public const string OutOfMemory = "out_of_memory";

    [Description("The evaluation took longer than it may. Hand in a faster network, or ask the operator for more time.")]
    public const string TimedOut = "timed_out";

    [Description("The runner ended without a result, each time. Where the checkpoint is a program, run it elsewhere first; "
        + "otherwise tell the operator.")]
    public const string RunnerCrashed = "runner_crashed";

    [Description("The worker was lost three times while it ran this evaluation. Rerun it; if it happens again, tell the "
        + "operator.")]
    public const string WorkerLost = "worker_lost";

    [Description("Something failed on the worker's side, three times. Rerun it; if it happens again, tell the operator.")]
    public const string WorkerFailed = "worker_failed";

    /// <summary>What each code means, and what its submitter can do.</summary>
    public static readonly IReadOnlyDictionary<string, string> Meanings = typeof(FailureCodes).GetFields()
        .Where(field => field.IsLiteral)
        .ToDictionary(
            field => (string)field.GetRawConstantValue()!,
            field => field.GetCustomAttribute<DescriptionAttribute>()!.Description);

    /// <summary>Every code there is: a runner that sends another is not believed.</summary>
    public static readonly IReadOnlySet<string> All = Meanings.Keys.ToHashSet();
}
