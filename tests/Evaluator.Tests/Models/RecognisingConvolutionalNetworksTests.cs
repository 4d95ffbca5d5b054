using System.Text.RegularExpressions;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class RecognisingConvolutionalNetworksTests
{
    [Fact]
    public void Names_of_timm_do_not_tell_the_paddings_of_EfficientNet_apart_and_architecture_does()
    {
        var golden = ArchitectureGolden.Read("tf_efficientnet_b0.timm");
        using var file = golden.Checkpoint();
        var failure = FailureOf(file);
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, failure.Code);
        Assert.Contains("efficientnet_b0 (half a kernel of padding, epsilon 1e-5), "
            + "tf_efficientnet_b0 (TensorFlow's SAME padding, epsilon 1e-3)", failure.Message, StringComparison.Ordinal);

        var other = Recognise(file, "efficientnet_b0");
        Assert.Equal(("efficientnet_b0", "given"), (other.Architecture, other.How));
        using var engine = OnnxRuntimeEngine.Load(
            other.Network, other.Network.Logits!.Value, new Weights(other.Network, other.Entries), Loading.Cpu);
        var (shape, logits) = golden.Runs.First();
        var output = Loading.Run(engine, NamedTensor.Between("input", -2, 2, shape), shape).Values.ToArray();
        Assert.Contains(logits.Zip(output), pair => Math.Abs(pair.First - pair.Second) > 0.1);
    }

    [Fact]
    public void EfficientNet_by_the_names_of_efficientnet_pytorch_loads_once_its_function_is_given()
    {
        // lukemelas/EfficientNet-PyTorch, efficientnet_pytorch/model.py: blocks counted through, TensorFlow's function.
        var golden = ArchitectureGolden.Read("tf_efficientnet_b0.timm");
        var blocks = golden.State
            .Select(line => Regex.Match(line.Name, @"^blocks\.\d+\.\d+").Value)
            .Where(block => block != "")
            .Distinct()
            .ToList();
        string Renamed(string name)
        {
            var (block, layer) = Regex.Match(name, @"^(blocks\.\d+\.\d+)\.(.*)") is { Success: true } match
                ? (blocks.IndexOf(match.Groups[1].Value), match.Groups[2].Value)
                : (-1, name);
            return block < 0 ? $"_{layer.Replace("bn1", "bn0").Replace("bn2", "bn1").Replace("classifier", "fc")}"
                : $"_blocks.{block}._{InBlock(layer, expands: block > 0)}";
        }

        using var file = golden.Checkpoint(line => line with { Name = Renamed(line.Name) });
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, FailureOf(file).Code);
        var given = Recognise(file, "tf_efficientnet_b0");
        Assert.All(given.Entries, pair => Assert.Equal(Renamed(pair.Key), pair.Value.FileName));
        Assert.Equal(golden.State.Count, given.Entries.Count);
    }

    [Fact]
    public void The_image_tower_of_a_whole_CLIP_is_found_and_its_text_tower_is_skipped()
    {
        var golden = ArchitectureGolden.Read("clip_resnet50");
        List<NamedTensor> tensors =
        [
            NamedTensor.Of("positional_embedding", 77, 512),
            NamedTensor.Of("text_projection", 512, 1024),
            NamedTensor.Of("logit_scale"),
            .. golden.State.Select(line => new NamedTensor(
                $"visual.{line.Name}", line.Shape, NamedTensor.Between(line.Name, line.Low, line.High, line.Shape))),
            NamedTensor.Of("transformer.resblocks.0.attn.in_proj_weight", 1536, 512),
            NamedTensor.Of("token_embedding.weight", 100, 512),
            NamedTensor.Of("ln_final.weight", 512),
        ];
        using var file = new TemporaryFile(TorchZip.OfState(tensors));
        var inspection = CheckpointInspector.Inspect(file.Path, Reading.Plain);
        Assert.Equal(("clip_resnet50", 38_316_896L), (inspection.Architecture, inspection.ParameterCount));
        Assert.Null(inspection.ClassCount);
        Assert.Equal(6, inspection.Skipped.Count);

        var failure = Assert.Throws<EvaluationFailedException>(() => Loading.Load(file.Path));
        Assert.Equal(FailureCodes.ClassCountMismatch, failure.Code);
        Assert.Contains("features alone", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wide_resnet50_2", "layer3.2.conv2.weight")]
    [InlineData("resnext50_32x4d", "layer3.2.conv2.weight")]
    [InlineData("squeezenet1_0", "features.7.expand3x3.weight")]
    [InlineData("mobilenet_v2", "features.9.conv.1.0.weight")]
    [InlineData("mobilenetv2_100.timm", "blocks.3.2.conv_dw.weight")]
    [InlineData("efficientnet_b0", "features.4.1.block.2.fc1.weight")]
    [InlineData("efficientnet_b0.timm", "blocks.3.1.se.conv_reduce.weight")]
    [InlineData("inception_v4", "features.12.branch2.3.conv.weight")]
    [InlineData("inception_resnet_v2", "repeat_1.7.conv2d.weight")]
    [InlineData("clip_resnet50", "attnpool.q_proj.weight")]
    [InlineData("clip_resnet50.timm", "stages.2.1.conv2_kxk.conv.weight")]
    public void A_damaged_file_gets_the_nearest_architecture_and_what_differs(string name, string damaged)
    {
        var golden = ArchitectureGolden.Read(name);
        var missing = golden.State[golden.State.Count / 2].Name;
        using var file = golden.Checkpoint(line =>
            line.Name == missing ? null
            : line.Name == damaged ? line with { Shape = [.. line.Shape, 1] }
            : line);
        var failure = FailureOf(file);
        Assert.Equal(FailureCodes.TensorsMismatch, failure.Code);
        Assert.StartsWith($"The tensors do not fit {golden.Architecture}, the nearest: missing: {missing}; "
            + $"misshapen: {damaged} is [", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clip_resnet50")]
    [InlineData("clip_resnet50.timm")]
    public void The_tower_of_CLIP_takes_the_one_size_that_it_has_places_for(string name)
    {
        using var file = ArchitectureGolden.Read(name).Checkpoint();
        Assert.Equal(new TakenSizes(224), Recognise(file).Network.Takes);
    }

    private static string InBlock(string layer, bool expands) => new[]
    {
        ("se.conv_reduce", "se_reduce"), ("se.conv_expand", "se_expand"), ("conv_pwl", "project_conv"),
        ("conv_pw", expands ? "expand_conv" : "project_conv"), ("conv_dw", "depthwise_conv"),
        (expands ? "bn1" : "bn0", "bn0"), (expands ? "bn2" : "bn1", "bn1"), (expands ? "bn3" : "bn2", "bn2"),
    }.Where(pair => layer.StartsWith(pair.Item1 + ".", StringComparison.Ordinal))
        .Select(pair => pair.Item2 + layer[pair.Item1.Length..])
        .First();

    private static RecognisedNetwork Recognise(CheckpointFile file, string? architecture = null) =>
        Recognition.Recognise(StateDict.Of(file, weights: null), architecture);

    private static EvaluationFailedException FailureOf(CheckpointFile file) =>
        Assert.Throws<EvaluationFailedException>(() => Recognise(file));
}
