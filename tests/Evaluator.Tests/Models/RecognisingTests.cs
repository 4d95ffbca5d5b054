using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class RecognisingTests
{
    private static readonly List<NamedTensor> Cifar =
        NamedTensor.OfNetwork(CifarResNet.Create(20, CifarShortcut.ZerosAround, 10));

    private static readonly List<NamedTensor> CifarWithConvolutions =
        NamedTensor.OfNetwork(CifarResNet.Create(20, CifarShortcut.Convolution, 7));

    private static readonly List<NamedTensor> ResNet18 =
        NamedTensor.OfNetwork(ResNet.Create([2, 2, 2, 2], isBottleneck: false, 10));

    private static readonly List<NamedTensor> ResNet50 =
        NamedTensor.OfNetwork(ResNet.Create([3, 4, 6, 3], isBottleneck: true, 10));

    private static readonly string[] NormParts = ["weight", "bias", "running_mean", "running_var"];

    [Theory]
    [InlineData("^conv1=conv", "^bn1=bn", "linear=fc")]
    [InlineData("^layer=stage_", "^bn1=bn_1", "linear=classifier")]
    [InlineData("^layer=blocks.", "^conv1=stem.conv", "^bn1=stem.norm", "linear=head.fc")]
    [InlineData(@"^layer(\d)\.(\d)=stage$1.block$2", @"\.conv(\d)=.conv_$1", @"\.bn(\d)=.norm_$1")]
    public void Layers_of_other_names_are_matched_by_their_sequence_and_shown(params string[] renames)
    {
        foreach (var bytes in new[] { TorchZip.OfState(Renamed(Cifar, renames)), Safetensors(Renamed(Cifar, renames)) })
        {
            var inspection = Reading.Inspect(bytes);
            Assert.Equal(("cifar_resnet20", "assumed"), (inspection.Architecture, inspection.Recognition));
            var wanted = Cifar.Select(tensor => tensor.Name).ToDictionary(name => Rename(name, renames));
            Assert.All(inspection.Tensors, tensor => Assert.Equal(wanted[tensor.Name], tensor.LoadedAs));
        }
    }

    [Fact]
    public void The_names_of_the_blocks_tell_equal_tensors_apart()
    {
        // D-X-Y's blocks put the zero channels behind, whatever the first layer is called.
        var zerosBehind = NamedTensor.OfNetwork(CifarResNet.Create(20, CifarShortcut.ZerosBehind, 10));
        var inspection = Reading.Inspect(TorchZip.OfState(Renamed(zerosBehind, "conv_1_3x3=conv1")));
        Assert.Equal(("cifar_resnet20_zeros_behind", "assumed"), (inspection.Architecture, inspection.Recognition));
    }

    [Fact]
    public void Equal_tensors_of_unknown_names_are_ambiguous_until_one_is_given()
    {
        var unknown = TorchZip.OfState(Renamed(Cifar, @"\.conv(\d)=.c$1", @"\.bn(\d)=.n$1"));
        var failure = Reading.FailureOf(unknown);
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, failure.Code);
        Assert.Contains("cifar_resnet20 (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cifar_resnet20_zeros_behind (", failure.Message, StringComparison.Ordinal);

        var given = Reading.Inspect(unknown, Reading.Plain with { Architecture = "cifar_resnet20" });
        Assert.Equal(("cifar_resnet20", "given"), (given.Architecture, given.Recognition));
    }

    [Fact]
    public void Bottlenecks_of_unknown_names_may_stride_elsewhere_and_are_ambiguous()
    {
        var detectron = TorchZip.OfState(Renamed(ResNet50, "^layer=res", "^conv1=stem.conv", "downsample=shortcut"));
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, Reading.CodeOf(detectron));
        var given = Reading.Inspect(detectron, Reading.Plain with { Architecture = "resnet50" });
        Assert.Equal("layer1.0.downsample.0.weight", given.Tensors.Single(
            tensor => tensor.Name == "res1.0.shortcut.0.weight").LoadedAs);
    }

    [Theory]
    [InlineData("linear=fc", "shortcut=downsample")]
    [InlineData(@"\.conv1=.residual_function.0", @"\.bn1=.residual_function.1", @"\.conv2=.residual_function.3",
        @"\.bn2=.residual_function.4")]
    public void Shortcut_convolutions_are_found_by_their_name(params string[] renames)
    {
        var inspection = Reading.Inspect(TorchZip.OfState(Renamed(CifarWithConvolutions, renames)));
        Assert.Equal(("cifar_resnet20", "assumed", 7), (
            inspection.Architecture, inspection.Recognition, inspection.ClassCount));
    }

    [Fact]
    public void Norms_before_their_convolutions_are_another_function_and_never_matched()
    {
        // He et al. 2016: the same tensors in the same order, grouped otherwise.
        List<NamedTensor> preactivated = [Cifar[0]];
        for (var block = 0; block < 9; block++)
        {
            var stage = block / 3;
            var outputs = 16 << stage;
            var inputs = block is 3 or 6 ? outputs / 2 : outputs;
            var name = $"layer{stage + 1}.{block % 3}";
            preactivated.AddRange(Norm($"{name}.bn1", inputs));
            preactivated.Add(NamedTensor.Of($"{name}.conv1.weight", outputs, inputs, 3, 3));
            preactivated.AddRange(Norm($"{name}.bn2", outputs));
            preactivated.Add(NamedTensor.Of($"{name}.conv2.weight", outputs, outputs, 3, 3));
        }
        preactivated.AddRange(Norm("bn", 64));
        preactivated.AddRange(Cifar.GetRange(Cifar.Count - 2, 2));
        Assert.Equal(
            Cifar.Select(tensor => string.Join(',', tensor.Shape)),
            preactivated.Select(tensor => string.Join(',', tensor.Shape)));

        string[] codes = [FailureCodes.TensorsMismatch, FailureCodes.ArchitectureUnknown];
        Assert.Contains(Reading.CodeOf(TorchZip.OfState(preactivated)), codes);
        Assert.Contains(Reading.CodeOf(Safetensors(preactivated)), codes);
        Assert.Equal(FailureCodes.TensorsMismatch, Reading.CodeOf(
            TorchZip.OfState(preactivated), Reading.Plain with { Architecture = "cifar_resnet20" }));
    }

    [Fact]
    public void Blocks_that_cannot_be_read_from_the_names_are_not_guessed()
    {
        var flat = Cifar.GroupBy(tensor => tensor.Name[..tensor.Name.LastIndexOf('.')])
            .SelectMany((layer, i) => layer.Select(tensor => NamedTensor.Renamed(
                tensor, $"{i}.{tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..]}")))
            .ToList();
        Assert.Equal(FailureCodes.ArchitectureUnknown, Reading.CodeOf(TorchZip.OfState(flat)));
    }

    [Fact]
    public void A_layer_missing_is_named()
    {
        var failure = Reading.FailureOf(TorchZip.OfState(
            Cifar.FindAll(tensor => tensor.Name != "layer3.2.conv2.weight")));
        Assert.Equal(FailureCodes.TensorsMismatch, failure.Code);
        Assert.Contains("cifar_resnet20", failure.Message, StringComparison.Ordinal);
        Assert.Contains("missing: layer3.2.conv2.weight", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_too_many_and_a_misshapen_one_are_named()
    {
        List<NamedTensor> state =
        [
            .. ResNet18.Select(tensor => tensor.Name == "layer1.0.conv1.weight"
                ? NamedTensor.Of(tensor.Name, 64, 64, 1, 1) : tensor),
            NamedTensor.Of("extra.weight", 3, 3),
        ];
        var failure = Reading.FailureOf(TorchZip.OfState(state));
        Assert.Equal(FailureCodes.TensorsMismatch, failure.Code);
        Assert.Contains("layer1.0.conv1.weight is [64, 64, 1, 1] instead of [64, 64, 3, 3]", failure.Message,
            StringComparison.Ordinal);
        Assert.Contains("left over: extra.weight", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_network_is_unknown_and_the_nearest_is_named()
    {
        var failure = Reading.FailureOf(TorchZip.OfState(
            [NamedTensor.Of("conv1.weight", 64, 3, 7, 7), NamedTensor.Of("head.weight", 10, 64)]));
        Assert.Equal(FailureCodes.ArchitectureUnknown, failure.Code);
        Assert.Contains("resnet18", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ResNet_18_for_small_images_is_another_network()
    {
        // kuangliu/pytorch-cifar: the same blocks behind a stem of 3×3 without a pool.
        var state = Renamed(ResNet18, "downsample=shortcut", "^fc=linear").ConvertAll(tensor =>
            tensor.Name == "conv1.weight" ? NamedTensor.Of(tensor.Name, 64, 3, 3, 3) : tensor);
        var failure = Reading.FailureOf(TorchZip.OfState(state, "net"));
        Assert.Equal(FailureCodes.ArchitectureUnknown, failure.Code);
        Assert.Contains(
            "conv1.weight is [64, 3, 3, 3] instead of [64, 3, 7, 7]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_architecture_is_unknown_and_the_known_are_listed()
    {
        var failure = Reading.FailureOf(
            TorchZip.OfState(Cifar), Reading.Plain with { Architecture = "resnet999" });
        Assert.Equal(FailureCodes.ArchitectureUnknown, failure.Code);
        Assert.Contains("squeezenet1_1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_architecture_that_does_not_fit_is_a_mismatch() => Assert.Equal(
        FailureCodes.TensorsMismatch,
        Reading.CodeOf(TorchZip.OfState(Cifar), Reading.Plain with { Architecture = "resnet18" }));

    private static IEnumerable<NamedTensor> Norm(string name, long channels) =>
        NormParts.Select(part => NamedTensor.Of($"{name}.{part}", channels));

    private static List<NamedTensor> Renamed(List<NamedTensor> tensors, params string[] renames) =>
        tensors.ConvertAll(tensor => NamedTensor.Renamed(tensor, Rename(tensor.Name, renames)));

    private static string Rename(string name, string[] renames) => renames
        .Select(rename => rename.Split('='))
        .Aggregate(name, (renamed, rename) => Regex.Replace(renamed, rename[0], rename[1]));

    // Sorted by name, as such files are.
    private static byte[] Safetensors(List<NamedTensor> tensors)
    {
        using var file = new TemporaryFile();
        NamedTensor.WriteSafetensors(file.Path, [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)]);
        return File.ReadAllBytes(file.Path);
    }
}
