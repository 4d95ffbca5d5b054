using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Shared.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models;

/// <summary>A checkpoint that brings its own code: TorchScript, run by libtorch's interpreter.</summary>
internal static class TorchScriptModel
{
    public static LoadedModel Load(string path, ModelRequest request, Device device)
    {
        if (!request.AllowPrograms)
        {
            throw Refused.Unsafe(
                "TorchScript runs code, and this worker has no sandbox. "
                + "Send the weights alone (torch.save(model.state_dict(), path)).");
        }
        try
        {
            var program = jit.load<Tensor, Tensor>(path, device.type, device.index);
            program.eval();
            return new LoadedModel(Describe(program), program.forward, program);
        }
        catch (ExternalException e)
        {
            throw Refused.Unrecognised($"libtorch {torch.__version__} cannot load this TorchScript program: {e.Message}");
        }
    }

    private static CheckpointInspection Describe(jit.ScriptModule<Tensor, Tensor> program)
    {
        using var scope = NewDisposeScope();
        var parameters = program.named_parameters().ToList();
        var tensors = parameters
            .Select(parameter => (parameter.name, Tensor: (Tensor)parameter.parameter))
            .Concat(program.named_buffers().Select(buffer => (buffer.name, Tensor: buffer.buffer)));
        return new CheckpointInspection(
            Architecture: null,
            Recognition: null,
            parameters.Sum(parameter => parameter.parameter.numel()),
            ClassCount: null,
            [.. tensors.Select(item => new InspectedTensor(
                item.name, item.Tensor.dtype.ToString().ToLowerInvariant(), item.Tensor.shape, item.name))],
            Skipped: []);
    }
}
