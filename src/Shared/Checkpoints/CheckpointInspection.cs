namespace Leaderboard.Shared.Checkpoints;

/// <summary>What a sandboxed look into a checkpoint found.</summary>
/// <param name="Architecture">The network it fills, for example <c>resnet50</c>; null where the file is a program (TorchScript).</param>
/// <param name="Recognition">
/// <c>recognised</c> from tensor names and shapes, <c>given</c> by the submission, or <c>assumed</c> where tensors were matched by their sequence.
/// </param>
/// <param name="ParameterCount">Number of trainable numbers in the network, buffers left out.</param>
/// <param name="ClassCount">Number of classes of its classifier, where it has one.</param>
/// <param name="Tensors">The file's tensors, in its own order.</param>
/// <param name="Skipped">Names of entries that are no part of the network, for example an optimiser's state.</param>
public sealed record CheckpointInspection(
    string? Architecture,
    string? Recognition,
    long? ParameterCount,
    int? ClassCount,
    IReadOnlyList<InspectedTensor> Tensors,
    IReadOnlyList<string> Skipped);

/// <summary>One tensor of a checkpoint.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Dtype">Its element type: <c>float32</c>, <c>float16</c>, <c>bfloat16</c>, <c>float64</c>, <c>int64</c> …</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="LoadedAs">The name of the network's tensor that it fills; null where it fills none.</param>
public sealed record InspectedTensor(string Name, string Dtype, IReadOnlyList<long> Shape, string? LoadedAs);

/// <summary>What goes wrong, in a form that both programs and people read.</summary>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What happened, and what the submitter can do about it.</param>
public sealed record Failure(string Code, string Message);
