using System.Runtime.InteropServices;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Shared.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Leaderboard.Evaluator.Models;

/// <summary>A checkpoint that brings its own code: TorchScript, run by libtorch's interpreter.</summary>
internal static class TorchScriptModel
{
    static TorchScriptModel() => Libtorch.Load();

    public static LoadedModel Load(string path, ModelRequest request, EngineRequest engine)
    {
        set_num_threads(engine.Threads);
        var program = Open(path, request, device(engine.Device));
        if (LibtorchEngine.PrecisionOf(engine) is not ScalarType.Float32 and var precision)
        {
            program.to(precision);
        }
        return new LoadedModel(Describe(program), new LibtorchEngine(program.forward, program, engine, tellsChannels: false));
    }

    /// <summary>What the program holds; none of its code is run but what loading it runs.</summary>
    public static CheckpointInspection Inspect(string path, ModelRequest request)
    {
        using var scope = NewDisposeScope();
        using var program = Open(path, request, CPU);
        return Describe(program);
    }

    private static jit.ScriptModule<Tensor, Tensor> Open(string path, ModelRequest request, Device device)
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
            return program;
        }
        catch (ExternalException e)
        {
            throw LibtorchError.Refuse($"libtorch {Libtorch.Version} cannot load this program", e);
        }
    }

    private static CheckpointInspection Describe(jit.ScriptModule<Tensor, Tensor> program)
    {
        var count = 0L;
        var tensors = new List<InspectedTensor>();
        foreach (var (name, parameter) in program.named_parameters())
        {
            using (parameter)
            {
                count += parameter.numel();
                tensors.Add(Describe(name, parameter));
            }
        }
        foreach (var (name, buffer) in program.named_buffers())
        {
            using (buffer)
            {
                tensors.Add(Describe(name, buffer));
            }
        }
        return new CheckpointInspection(
            Architecture: null, Recognition: null, count, ClassCount: null, tensors, Skipped: []);
    }

    private static InspectedTensor Describe(string name, Tensor tensor)
    {
        var dtype = tensor.dtype == ScalarType.Byte ? "uint8" : tensor.dtype.ToString().ToLowerInvariant();
        return new InspectedTensor(name, dtype, tensor.shape, LoadedAs: name);
    }
}
