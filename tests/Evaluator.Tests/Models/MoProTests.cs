using Leaderboard.Evaluator.Tests.Checkpoints;

namespace Leaderboard.Evaluator.Tests.Models;

/// <summary>
/// MoPro's checkpoint in the form in which it is published, whole: salesforce/MoPro, train.py (<c>save_checkpoint</c>)
/// and model.py. Its numbers are those of the golden of ResNet-50, so its logits are as well.
/// </summary>
public sealed class MoProTests
{
    private const string Encoder = "module.encoder_q.";
    private const int Classes = 1000;

    [Fact]
    public void The_published_form_loads_as_it_is_and_gives_the_logits_of_its_encoder_and_classifier()
    {
        var golden = ArchitectureGolden.Read("resnet50");
        using var file = new TemporaryFile(Published(golden));
        using var model = Loading.Load(file.Path);

        Assert.Equal(("resnet50", "recognised", Classes), (
            model.Inspection.Architecture, model.Inspection.Recognition, model.Inspection.ClassCount));
        Assert.Equal(golden.Parameters, model.Inspection.ParameterCount);
        Assert.Equal("fc.weight", model.Inspection.Tensors.Single(tensor => tensor.Name == $"{Encoder}classifier.weight").LoadedAs);
        Assert.All(
            ["epoch", "arch", "optimizer", "module.queue", "module.prototypes", $"{Encoder}fc1.weight", "module.encoder_k.conv1.weight"],
            name => Assert.Contains(name, model.Inspection.Skipped));
        foreach (var (shape, logits) in golden.Runs)
        {
            var answer = Loading.Run(model.Engine, NamedTensor.Between("input", -2, 2, shape), shape);
            Assert.Equal([shape[0], Classes], answer.Shape);
            // Numbers follow from name and place: the golden's classes are the first.
            var first = answer.Values.ToArray().Chunk(Classes).SelectMany(row => row.Take(golden.Classes!.Value)).ToArray();
            Loading.AssertClose(logits, first);
        }
    }

    private static byte[] Published(ArchitectureGolden golden)
    {
        var network = golden.State.Where(line => line.Dtype.IsFloat).ToList();
        List<NamedTensor> encoder =
        [
            .. network.Where(line => !IsClassifier(line)).Select(line => Of(line, line.Name, line.Shape)),
            .. network.Where(IsClassifier).Select(line => Of(line, "classifier" + line.Name["fc".Length..], [Classes, .. line.Shape[1..]])),
            NamedTensor.Of("fc1.weight", 2048, 2048), NamedTensor.Of("fc1.bias", 2048),
            NamedTensor.Of("fc2.weight", 128, 2048), NamedTensor.Of("fc2.bias", 128),
        ];
        List<NamedTensor> state =
        [
            .. encoder.Select(tensor => NamedTensor.Renamed(tensor, Encoder + tensor.Name)),
            .. encoder.Select(tensor => NamedTensor.Renamed(tensor, "module.encoder_k." + tensor.Name)),
            NamedTensor.Of("module.queue", 128, 8192), NamedTensor.Of("module.prototypes", Classes, 128),
        ];
        var pickle = new PickleWriter().Op('}').Text("epoch").Number(90).Op('s').Text("arch").Text("resnet50").Op('s').Text("state_dict");
        TorchZip.WriteDict(pickle, state, "");
        pickle.Op('(');
        foreach (var name in network.Select(line => line.Name).Where(name => name.EndsWith("running_var", StringComparison.Ordinal)))
        {
            Whole(pickle.Text(Encoder + name.Replace("running_var", "num_batches_tracked", StringComparison.Ordinal)), "count", []);
        }
        Whole(pickle.Text("module.queue_ptr"), "pointer", [1]).Op('u').Op('s').Text("optimizer").Op('}')
            .Text("state").Op('}').Number(0).Op('}').Text("momentum_buffer").Tensor("momentum", [64, 3, 7, 7]).Op('s').Op('s').Op('s')
            .Text("param_groups").Op(']').Op('}').Text("lr").Number(0).Op('s').Op('a').Op('s').Op('s');
        return TorchZip.Of(
            pickle.ToArray(),
            state.Select(tensor => (tensor.Name, tensor.Numbers))
                .Concat([("count", new float[2]), ("pointer", new float[2]), ("momentum", new float[64 * 3 * 7 * 7])]));
    }

    private static bool IsClassifier(StateLine line) => line.Name.StartsWith("fc.", StringComparison.Ordinal);

    private static NamedTensor Of(StateLine line, string name, long[] shape) =>
        new(name, shape, NamedTensor.Between(line.Name, line.Low, line.High, shape));

    // One number of int64.
    private static PickleWriter Whole(PickleWriter pickle, string key, long[] shape) => pickle
        .Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage("torch", "LongStorage", key, 1)
        .Number(0).Numbers(shape).Numbers(shape).Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');
}
