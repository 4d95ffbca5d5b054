using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>What an engine is asked for.</summary>
/// <param name="Device"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Precision">Element type of the forward pass: <c>float32</c> or <c>bfloat16</c>.</param>
/// <param name="Threads">Threads of the forward pass.</param>
/// <param name="Scratch">A folder for a copy of the weights that the engine maps; emptied again.</param>
internal sealed record EngineRequest(string Device, string Precision, int Threads, string Scratch);

/// <summary>What a network answers.</summary>
/// <param name="Values">Its numbers in row-major order.</param>
/// <param name="Shape">Their shape: [N, classes], if the network is what it should be.</param>
internal readonly record struct Output(ReadOnlyMemory<float> Values, IReadOnlyList<long> Shape);

/// <summary>Runs one network on one device.</summary>
internal abstract class Engine : IDisposable
{
    /// <summary>Its name and version, for example <c>ONNX Runtime 1.31.1</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it runs on: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public abstract string Device { get; }

    /// <summary>How it wants batches of images of this size.</summary>
    public abstract BatchFormat FormatOf(ImageSize image);

    /// <summary>The network's answer to a batch of that format.</summary>
    /// <exception cref="EvaluationFailedException">The network fails on it.</exception>
    public abstract Output Forward(ImageBatch batch);

    /// <summary>
    /// The network's answers to batches of that format, in their order. A batch's memory is needed until its answer is
    /// given; an engine may ask for the next batch before that.
    /// </summary>
    /// <exception cref="EvaluationFailedException">The network fails on one.</exception>
    public virtual IEnumerable<(ImageBatch Batch, Output Answer)> ForwardAll(IEnumerable<ImageBatch> batches) =>
        batches.Select(batch => (batch, Forward(batch)));

    public abstract void Dispose();
}
