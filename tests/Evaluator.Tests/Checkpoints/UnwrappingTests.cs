using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Evaluator.Tests.Models;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Checkpoints;

public sealed class UnwrappingTests
{
    private static readonly List<NamedTensor> Cifar =
        NamedTensor.OfNetwork(CifarResNet.Create(20, CifarShortcut.ZerosAround, 10));

    [Theory]
    [InlineData]
    [InlineData("state_dict")]
    [InlineData("model_state_dict")]
    [InlineData("net")]
    [InlineData("network")]
    [InlineData("model", "state_dict")]
    [InlineData("my_network")]
    public void Wrappers_are_taken_off(params string[] wrappers)
    {
        var inspection = Reading.Inspect(TorchZip.OfState(Cifar, wrappers));
        Assert.Equal(("cifar_resnet20", "recognised"), (inspection.Architecture, inspection.Recognition));
        Assert.Empty(inspection.Skipped);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("module.model.")]
    [InlineData("model.backbone.")]
    [InlineData("_orig_mod.module.")]
    [InlineData("anything.")]
    public void Prefixes_are_taken_off(string prefix)
    {
        var inspection = Reading.Inspect(TorchZip.OfState(Prefixed(Cifar, prefix)));
        Assert.Equal("recognised", inspection.Recognition);
        Assert.Equal(prefix + "conv1.weight", inspection.Tensors[0].Name);
        Assert.Equal("conv1.weight", inspection.Tensors[0].LoadedAs);
    }

    [Fact]
    public void A_prefix_of_the_body_alone_is_taken_off_too()
    {
        var split = Cifar.ConvertAll(tensor => tensor.Name.StartsWith("linear", StringComparison.Ordinal)
            ? tensor
            : NamedTensor.Renamed(tensor, "backbone." + tensor.Name));
        Assert.Equal("recognised", Reading.Inspect(TorchZip.OfState(split)).Recognition);
    }

    [Theory]
    [InlineData(null, FailureCodes.ArchitectureAmbiguous)]
    [InlineData("best", FailureCodes.ArchitectureAmbiguous)]
    [InlineData("model", null)]
    [InlineData("ema", null)]
    public void Plain_and_averaged_weights_need_a_choice(string? weights, string? code)
    {
        var pickle = new PickleWriter().Op('}').Text("state_dict");
        TorchZip.WriteDict(pickle, Cifar, "plain.");
        pickle.Op('s').Text("state_dict_ema");
        TorchZip.WriteDict(pickle, Cifar, "ema.");
        pickle.Op('s');
        var file = TorchZip.Of(pickle.ToArray(), Cifar.SelectMany(tensor => new[]
        {
            ("plain." + tensor.Name, tensor.Numbers), ("ema." + tensor.Name, tensor.Numbers),
        }));
        var request = Reading.Plain with { Weights = weights };
        if (code != null)
        {
            Assert.Equal(code, Reading.CodeOf(file, request));
            return;
        }
        Assert.Equal(
            [weights == "ema" ? "state_dict" : "state_dict_ema"], Reading.Inspect(file, request).Skipped);
    }

    [Fact]
    public void Averaged_weights_by_prefix_need_a_choice_too()
    {
        var file = TorchZip.OfState([.. Prefixed(Cifar, "model."), .. Prefixed(Cifar, "ema.")]);
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, Reading.CodeOf(file));
        var inspection = Reading.Inspect(file, Reading.Plain with { Weights = "ema" });
        Assert.Null(inspection.Tensors[0].LoadedAs);
        Assert.Equal("conv1.weight", inspection.Tensors[Cifar.Count].LoadedAs);
    }

    [Fact]
    public void Weights_that_the_file_has_not_are_a_mismatch()
    {
        var file = TorchZip.OfState(Cifar, "state_dict");
        Assert.Equal(FailureCodes.TensorsMismatch, Reading.CodeOf(file, Reading.Plain with { Weights = "ema" }));
    }

    [Fact]
    public void Layers_beside_a_wrapper_are_never_left_out_in_silence()
    {
        var pickle = new PickleWriter().Op('}').Text("head.weight").Tensor("head", [10, 64]).Op('s').Text("state_dict");
        TorchZip.WriteDict(pickle, Cifar, "");
        pickle.Op('s');
        var file = TorchZip.Of(pickle.ToArray(), Cifar
            .Select(tensor => (tensor.Name, tensor.Numbers)).Append(("head", new float[640])));
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, Reading.CodeOf(file));
    }

    [Fact]
    public void MoPro_as_published_gives_its_encoder_and_classifier()
    {
        var encoder = NamedTensor.OfNetwork(ResNet.Create([2, 2, 2, 2], isBottleneck: false, 50)).ConvertAll(
            tensor => NamedTensor.Renamed(tensor, tensor.Name.Replace("fc.", "classifier.", StringComparison.Ordinal)));
        encoder.AddRange(
        [
            NamedTensor.Of("fc1.weight", 512, 512), NamedTensor.Of("fc1.bias", 512),
            NamedTensor.Of("fc2.weight", 128, 512), NamedTensor.Of("fc2.bias", 128),
        ]);
        List<NamedTensor> state =
        [
            .. Prefixed(encoder, "module.encoder_q."), .. Prefixed(encoder.GetRange(0, 5), "module.encoder_k."),
            NamedTensor.Of("module.queue", 128, 64), NamedTensor.Of("module.queue_ptr", 1),
            NamedTensor.Of("module.prototypes", 50, 128),
        ];
        var pickle = new PickleWriter().Op('}').Text("epoch").Number(90).Op('s')
            .Text("arch").Text("resnet50").Op('s').Text("state_dict");
        TorchZip.WriteDict(pickle, state, "");
        pickle.Op('s').Text("optimizer").Op('}').Op('s');
        var inspection = Reading.Inspect(
            TorchZip.Of(pickle.ToArray(), state.Select(tensor => (tensor.Name, tensor.Numbers))));

        Assert.Equal(("resnet18", "recognised", 50), (
            inspection.Architecture, inspection.Recognition, inspection.ClassCount));
        Assert.Equal("fc.weight", inspection.Tensors.Single(
            tensor => tensor.Name == "module.encoder_q.classifier.weight").LoadedAs);
        string[] skipped =
        [
            "epoch", "arch", "optimizer", "module.queue", "module.queue_ptr", "module.prototypes",
            "module.encoder_q.fc1.weight", "module.encoder_q.fc2.bias", "module.encoder_k.conv1.weight",
        ];
        Assert.All(skipped, name => Assert.Contains(name, inspection.Skipped));
    }

    [Fact]
    public void A_contrastive_projection_is_no_classifier()
    {
        var encoder = NamedTensor.OfNetwork(ResNet.Create([2, 2, 2, 2], isBottleneck: false, 128));
        var moco = Prefixed(encoder, "module.encoder_q.");
        AssertIsEncoder(TorchZip.OfState(moco, "state_dict"));
    }

    public static TheoryData<string, string, string, string[]> WithoutLabels => new()
    {
        { "SwAV", "module.", "", ["projection_head.0.weight", "projection_head.3.bias", "prototypes.weight"] },
        { "DINO", "", "backbone.", ["head.mlp.0.weight", "head.mlp.4.bias", "head.last_layer.weight_v"] },
        { "Barlow Twins", "module.", "backbone.", ["projector.0.weight", "projector.1.running_mean", "bn.running_var"] },
        { "MoCo v3", "module.", "base_encoder.", ["momentum_encoder.conv1.weight", "predictor.0.weight"] },
    };

    [Theory]
    [MemberData(nameof(WithoutLabels))]
    public void What_training_without_labels_adds_is_skipped(string method, string wrapper, string body, string[] heads)
    {
        Assert.NotEmpty(method);
        var network = NamedTensor.OfNetwork(ResNet.Create([2, 2, 2, 2], isBottleneck: false, 10));
        var extras = Prefixed([.. heads.Select(name => NamedTensor.Of(name, 16))], wrapper);

        List<NamedTensor> labelled = [.. Prefixed(network, wrapper + body), .. extras];
        var inspection = Reading.Inspect(TorchZip.OfState(labelled, "state_dict"));
        Assert.Equal("resnet18", inspection.Architecture);
        Assert.Equal(extras.Select(tensor => tensor.Name), inspection.Skipped);

        var encoder = labelled.FindAll(tensor => !tensor.Name.Contains(".fc.", StringComparison.Ordinal));
        AssertIsEncoder(TorchZip.OfState(encoder, "state_dict"));
    }

    // It gives features and does not classify.
    private static void AssertIsEncoder(byte[] checkpoint)
    {
        var inspection = Reading.Inspect(checkpoint);
        Assert.Equal(("resnet18", "recognised", null), (inspection.Architecture, inspection.Recognition, inspection.ClassCount));
        Assert.Equal(11_176_512, inspection.ParameterCount);

        using var file = new TemporaryFile(checkpoint);
        var failure = Assert.Throws<EvaluationFailedException>(
            () => ModelLoader.Load(file.Path, Reading.Plain, Loading.Cpu));
        Assert.Equal(FailureCodes.ClassCountMismatch, failure.Code);
        Assert.Contains("features alone", failure.Message, StringComparison.Ordinal);
        using var model = ModelLoader.Load(file.Path, Reading.Plain with { Wanted = NetworkOutput.Features }, Loading.Cpu);
        Assert.Equal("resnet18", model.Inspection.Architecture);
    }

    [Theory]
    [InlineData(null, FailureCodes.ArchitectureAmbiguous)]
    [InlineData("model", "teacher")]
    [InlineData("ema", "student")]
    public void A_teacher_is_its_students_average(string? weights, string outcome)
    {
        var pickle = new PickleWriter().Op('}').Text("student");
        TorchZip.WriteDict(pickle, Prefixed(Cifar, "module."), "student.");
        pickle.Op('s').Text("teacher");
        TorchZip.WriteDict(pickle, Cifar, "teacher.");
        pickle.Op('s');
        var file = TorchZip.Of(pickle.ToArray(), Cifar.SelectMany(tensor => new[]
        {
            ("student.module." + tensor.Name, tensor.Numbers), ("teacher." + tensor.Name, tensor.Numbers),
        }));
        var request = Reading.Plain with { Weights = weights };
        if (weights == null)
        {
            Assert.Equal(outcome, Reading.CodeOf(file, request));
            return;
        }
        Assert.Equal([outcome], Reading.Inspect(file, request).Skipped);
    }

    private static List<NamedTensor> Prefixed(List<NamedTensor> tensors, string prefix) =>
        tensors.ConvertAll(tensor => NamedTensor.Renamed(tensor, prefix + tensor.Name));
}
