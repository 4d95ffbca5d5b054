using System.Globalization;
using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Recognising;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class RecognisingTransformersTests
{
    [Fact]
    public void Positions_that_are_computed_leave_the_number_of_heads_open()
    {
        // MoCo v3's ViT-Small has 12 heads and timm's 6, with equal tensors; MoCo v3's positions are never trained.
        var tensors = Tensors("vit_s_16.timm").ConvertAll(tensor => tensor.Name == "pos_embed"
            ? tensor with { Numbers = SinesAndCosines(tensor.Shape) }
            : tensor);
        var checkpoint = TorchZip.OfState(tensors);
        var failure = Reading.FailureOf(checkpoint);
        Assert.Equal(FailureCodes.ArchitectureAmbiguous, failure.Code);
        Assert.Contains("vit_s_16 (6 heads), vit_s_16_moco_v3 (12 heads", failure.Message, StringComparison.Ordinal);

        foreach (var architecture in new[] { "vit_s_16", "vit_s_16_moco_v3" })
        {
            var given = Reading.Inspect(checkpoint, Reading.Plain with { Architecture = architecture });
            Assert.Equal((architecture, "given"), (given.Architecture, given.Recognition));
        }
    }

    [Fact]
    public void A_transformer_takes_images_of_the_size_that_its_positions_tell_alone()
    {
        using var file = ArchitectureGolden.Read("vit_ti_16.timm").Checkpoint(line =>
            line.Name == "pos_embed" ? line with { Shape = [1, (24 * 24) + 1, 192] } : line);
        var takes = Recognise(file).Network.Takes!;
        takes.Check(new ImageSize(384, 384));
        var failure = Assert.Throws<EvaluationFailedException>(() => takes.Check(new ImageSize(224, 224)));
        Assert.Equal(FailureCodes.ImageSizeMismatch, failure.Code);
        Assert.Contains("384 × 384 alone; the eval transform gives 224 × 224", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("swin_t", 100, 75, true)]
    [InlineData("swin_t.timm", 448, 224, true)]
    [InlineData("swin_t.timm", 256, 256, false)]
    [InlineData("swin_t.microsoft", 224, 224, true)]
    [InlineData("swin_t.microsoft", 448, 448, false)]
    public void A_Swin_takes_the_sizes_that_its_definition_takes(string name, int width, int height, bool isTaken)
    {
        // torchvision fills maps up; timm does not; microsoft's files hold masks of one size.
        using var file = ArchitectureGolden.Read(name).Checkpoint();
        var takes = Recognise(file).Network.Takes;
        var failure = Record.Exception(() => takes?.Check(new ImageSize(width, height)));
        Assert.Equal(isTaken, failure == null);
    }

    [Theory]
    [InlineData("vit_ti_16.timm", "blocks.7.attn.qkv.bias")]
    [InlineData("vit_b_32.torchvision_0.12", "encoder.layers.encoder_layer_3.ln_2.weight")]
    [InlineData("beit_b_16", "blocks.7.gamma_2")]
    [InlineData("swin_t", "features.5.3.attn.proj.weight")]
    [InlineData("swin_t.microsoft", "layers.0.downsample.reduction.weight")]
    [InlineData("swin_t.timm", "head.fc.bias")]
    [InlineData("convnext_tiny", "features.5.3.layer_scale")]
    [InlineData("convnext_tiny.facebook", "stages.2.3.dwconv.weight")]
    [InlineData("convnext_tiny.timm", "stages.3.downsample.1.weight")]
    [InlineData("mixer_b_16.timm", "blocks.7.mlp_tokens.fc2.weight")]
    public void A_damaged_file_gets_the_nearest_architecture_and_what_differs(string name, string damaged)
    {
        var golden = ArchitectureGolden.Read(name);
        var missing = golden.State[(golden.State.Count / 2) + 1].Name;
        using var file = golden.Checkpoint(line =>
            line.Name == missing ? null
            : line.Name == damaged ? line with { Shape = [.. line.Shape, 1] }
            : line);
        var failure = Assert.Throws<EvaluationFailedException>(() => Recognise(file));
        Assert.Equal(FailureCodes.TensorsMismatch, failure.Code);
        Assert.StartsWith($"The tensors do not fit {golden.Architecture}, the nearest: missing: {missing}; "
            + $"misshapen: {damaged} is [", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vit_ti_16.timm", "pos_embed", "1,198,192")]
    [InlineData("vit_ti_16.timm", "pos_embed", "1,40001,192")]
    [InlineData("vit_ti_16.timm", "pos_embed", "1,0,192")]
    [InlineData("swin_t.timm", "layers.0.blocks.0.attn.relative_position_bias_table", "168,3")]
    [InlineData("swin_t.timm", "layers.0.blocks.0.attn.relative_position_bias_table", "251001,3")]
    [InlineData("swin_t.timm", "layers.0.blocks.0.attn.relative_position_bias_table", "0,3")]
    [InlineData("swin_t.microsoft", "layers.0.blocks.1.attn_mask", "63,49,49")]
    [InlineData("beit_b_16", "blocks.0.attn.relative_position_bias_table", "2,12")]
    [InlineData("mixer_b_16.timm", "blocks.0.mlp_tokens.fc1.weight", "384,195")]
    public void Sizes_that_no_image_has_are_a_mismatch(string name, string tensor, string sizes)
    {
        var golden = ArchitectureGolden.Read(name);
        long[] shape = [.. sizes.Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        using var file = golden.Checkpoint(line => line.Name == tensor ? line with { Shape = shape } : line);
        var failure = Assert.Throws<EvaluationFailedException>(() => Recognise(file));
        Assert.Equal(FailureCodes.TensorsMismatch, failure.Code);
        Assert.Contains(tensor, failure.Message, StringComparison.Ordinal);
    }

    private static List<NamedTensor> Tensors(string golden) =>
    [
        .. ArchitectureGolden.Read(golden).State.Select(line => new NamedTensor(
            line.Name, line.Shape, NamedTensor.Between(line.Name, line.Low, line.High, line.Shape))),
    ];

    // facebookresearch/moco-v3, vits.py, build_2d_sincos_position_embedding.
    private static float[] SinesAndCosines(long[] shape)
    {
        var (side, width) = ((int)Math.Sqrt(shape[1] - 1), (int)shape[2]);
        var numbers = new float[shape[1] * width];
        for (var i = width; i < numbers.Length; i++)
        {
            var (token, quarter) = ((i / width) - 1, i % width / (width / 4));
            var place = quarter < 2 ? token / side : token % side;
            var angle = place / Math.Pow(10000, i % (width / 4) / (width / 4.0));
            numbers[i] = (float)(quarter % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }
        return numbers;
    }

    private static RecognisedNetwork Recognise(CheckpointFile file) =>
        Recognition.Recognise(StateDict.Of(file, weights: null), architecture: null);
}
