using System.Text.Json;
using Google.Protobuf;
using Leaderboard.Evaluator.Models;
using Leaderboard.Evaluator.Onnx;
using Leaderboard.Evaluator.Preprocessing;
using Leaderboard.Evaluator.Protocols;
using Leaderboard.Evaluator.Tests.Checkpoints;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Tests.Models;

public sealed class OnnxTests
{
    private static readonly float[] Images = NamedTensor.Values("input", 2, 3, 8, 8);

    private static readonly JsonElement Expected =
        JsonDocument.Parse(File.ReadAllText(Reading.Golden("programs.json"))).RootElement;

    [Theory]
    [InlineData("network.onnx", "Planes", null)]
    [InlineData("network_of_channels_last.onnx", "ChannelsLast", null)]
    [InlineData("network_of_batches_of_three.onnx", "Planes", 3)]
    public void A_model_gives_the_logits_that_PyTorch_gave(string file, string layout, int? batch)
    {
        using var model = Loading.Load(Reading.Golden("formats", file));
        var format = model.Engine.FormatOf(new ImageSize(8, 8));
        Assert.Equal(layout, format.Layout.ToString());
        Assert.Equal(batch ?? BatchFormat.ForCpu(format.Layout, new ImageSize(8, 8)).Size, format.Size);
        Assert.Equal(108, model.Inspection.ParameterCount);
        var answer = Loading.Run(model.Engine, Images, 2, 3, 8, 8);
        Assert.Equal([2L, 4L], answer.Shape);
        Loading.AssertClose(Numbers("rgb"), answer.Values);
    }

    [Theory]
    [InlineData("network_of_one_channel.onnx")]
    [InlineData("program_of_one_channel.pt")]
    public void A_network_of_one_channel_is_given_luma(string file)
    {
        using var model = Loading.Load(Reading.Golden("formats", file), Reading.Plain with { AllowPrograms = true });
        var image = new ImageSize(8, 8);
        Assert.Equal(PixelLayout.Luma, model.Engine.FormatOf(image).Layout);
        using var memory = new BatchMemory(2 * 64 * sizeof(float));
        NamedTensor.Values("grey", 2, 1, 8, 8).CopyTo(memory.Floats(0, 2 * 64));
        var answer = model.Engine.Forward(new ImageBatch(First: 0, Count: 2, image, PixelLayout.Luma, memory));
        Loading.AssertClose(Numbers("grey"), answer.Values);
    }

    [Fact]
    public void What_a_model_holds_is_told_without_running_it()
    {
        var inspection = CheckpointInspector.Inspect(Reading.Golden("formats", "network.onnx"), Reading.Plain);
        Assert.Null(inspection.Architecture);
        Assert.Equal(("conv.weight", "float32"), (inspection.Tensors.Single().Name, inspection.Tensors.Single().Dtype));
        Assert.Equal([4L, 3L, 3L, 3L], inspection.Tensors.Single().Shape);
    }

    [Fact]
    public void Images_of_another_size_than_the_models_own_are_refused_with_what_to_declare()
    {
        using var model = Loading.Load(Reading.Golden("formats", "network_of_batches_of_three.onnx"));
        var failure = Assert.Throws<EvaluationFailedException>(() => model.Engine.FormatOf(new ImageSize(16, 8)));
        Assert.Equal(FailureCodes.InputMismatch, failure.Code);
        Assert.Contains("8 × 8", failure.Message, StringComparison.Ordinal);
        Assert.Contains("eval_transform", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_does_not_run_in_lower_precision()
    {
        var failure = Assert.Throws<EvaluationFailedException>(() => ModelLoader.Load(
            Reading.Golden("formats", "network.onnx"), Reading.Plain, Loading.Cpu with { Precision = Precision.BFloat16 }));
        Assert.Equal(FailureCodes.PrecisionUnsupported, failure.Code);
    }

    [Fact]
    public void A_model_that_keeps_weights_in_another_file_is_unsafe()
    {
        Assert.Equal(FailureCodes.CheckpointUnsafe, CodeOf(model =>
            model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External));
        Assert.Equal(FailureCodes.CheckpointUnsafe, CodeOf(model => model.Graph.Node.Add(new NodeProto
        {
            OpType = "Constant",
            Output = { "hidden" },
            Attribute =
            {
                new AttributeProto
                {
                    Name = "value",
                    T = new TensorProto { ExternalData = { new StringStringEntryProto { Key = "location", Value = "/etc/passwd" } } },
                },
            },
        })));
    }

    [Fact]
    public void Sparse_tensors_and_defaults_of_functions_are_looked_at_too()
    {
        var elsewhere = new TensorProto { ExternalData = { new StringStringEntryProto { Key = "location", Value = "/etc/passwd" } } };
        var sparse = new SparseTensorProto { Values = elsewhere };
        AttributeProto[] attributes =
        [
            new() { Name = "sparse_value", SparseTensor = sparse }, new() { Name = "all", SparseTensors = { sparse } },
            new() { Name = "value", T = elsewhere }, new() { Name = "body", G = new GraphProto { SparseInitializer = { sparse } } },
        ];
        Assert.All(attributes, attribute =>
        {
            var node = new NodeProto { OpType = "Constant", Attribute = { attribute } };
            Assert.Equal(FailureCodes.CheckpointUnsafe, CodeOf(model => model.Graph.Node.Add(node)));
            Assert.Equal(FailureCodes.CheckpointUnsafe, CodeOf(model =>
                model.Functions.Add(new FunctionProto { Domain = "own", Node = { node } })));
            Assert.Equal(FailureCodes.CheckpointUnsafe, CodeOf(model =>
                model.Functions.Add(new FunctionProto { Domain = "own", AttributeProto = { attribute } })));
        });
    }

    [Fact]
    public void A_model_with_its_training_is_refused() => Assert.Equal(
        FailureCodes.CheckpointUnrecognised, CodeOf(model => model.TrainingInfo.Add(new TrainingInfoProto())));

    [Fact]
    public void A_model_of_other_operators_inputs_or_outputs_is_refused()
    {
        Assert.Equal(FailureCodes.CheckpointUnrecognised, CodeOf(model => model.Graph.Node[0].Domain = "evil"));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, CodeOf(model => model.Graph.Input.Add(new ValueInfoProto { Name = "more" })));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, CodeOf(model => model.Graph.Output.Clear()));
        Assert.Equal(FailureCodes.CheckpointUnrecognised, CodeOf(model => model.Graph = null));
        Assert.Equal(FailureCodes.InputMismatch, CodeOf(model => model.Graph.Input[0].Type.TensorType.ElemType = 2));
        Assert.Equal(FailureCodes.InputMismatch, CodeOf(model => model.Graph.Input[0].Type.TensorType.Shape.Dim.RemoveAt(0)));
        Assert.Equal(FailureCodes.InputMismatch, CodeOf(model =>
            model.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimValue = 4 }));
    }

    [Theory]
    [InlineData(-7L)]
    [InlineData(1L << 62, 1L << 62, 1L << 62)]
    [InlineData(1L << 62, 1L << 62, -1L)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue, 2L)]
    [InlineData(5_000_000_000L)]
    public void Sizes_that_no_tensor_of_a_file_can_have_are_refused(params long[] sizes) =>
        Assert.Equal(FailureCodes.CheckpointUnrecognised, CodeOf(model =>
        {
            model.Graph.Initializer[0].Dims.Clear();
            model.Graph.Initializer[0].Dims.Add(sizes);
        }));

    [Theory]
    [InlineData("Cast", 10, "float16")]
    [InlineData("Cast", 16, "bfloat16")]
    [InlineData("Cast", 17, "float8_e4m3fn")]
    [InlineData("QuantizeLinear", null, "quantised")]
    [InlineData("DynamicQuantizeLinear", null, "quantised")]
    [InlineData("MatMulInteger", null, "quantised")]
    [InlineData("QLinearConv", null, "quantised")]
    [InlineData("MatMulNBits", null, "quantised")]
    public void A_model_that_computes_in_fewer_bits_than_its_scores_would_say_is_refused(string operation, int? to, string said)
    {
        var node = new NodeProto { OpType = operation };
        if (to is { } type)
        {
            node.Attribute.Add(new AttributeProto { Name = "to", I = type });
        }
        var within = new NodeProto
        {
            OpType = "If",
            Attribute = { new AttributeProto { Name = "then_branch", G = new GraphProto { Node = { node } } } },
        };
        Assert.All([node, within], each =>
        {
            var failure = FailureOf(model => model.Graph.Node.Add(each));
            Assert.Equal(FailureCodes.PrecisionUnsupported, failure.Code);
            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
            Assert.Contains($"'{operation}'", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Weights_kept_in_fewer_bits_and_computed_with_in_float32_are_none_of_that()
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Reading.Golden("formats", "network.onnx")));
        model.Graph.Initializer.Add(new TensorProto { Name = "kept", DataType = 10, Dims = { 2, 3 } });
        model.Graph.Node.Add(new NodeProto { OpType = "Cast", Attribute = { new AttributeProto { Name = "to", I = 1 } } });
        model.Graph.Node.Add(new NodeProto { OpType = "DequantizeLinear" });
        model.Graph.Node.Add(new NodeProto { OpType = "QuickGelu", Domain = "com.microsoft" });

        Assert.Equal(108 + 6, Reading.Inspect(model.ToByteArray()).ParameterCount);

        model.Graph.Node.Add(new NodeProto { OpType = "CastLike" });
        Assert.Equal(FailureCodes.PrecisionUnsupported, Reading.CodeOf(model.ToByteArray()));
    }

    [Fact]
    public void Graphs_within_graphs_without_end_are_refused()
    {
        var inner = new GraphProto { Node = { new NodeProto { OpType = "Relu" } } };
        for (var depth = 0; depth < 400; depth++)
        {
            inner = new GraphProto
            {
                Node = { new NodeProto { OpType = "If", Attribute = { new AttributeProto { Name = "then_branch", G = inner } } } },
            };
        }
        Assert.Equal(FailureCodes.CheckpointUnrecognised, Reading.CodeOf(
            new ModelProto { IrVersion = 7, ProducerName = "deep", Graph = inner }.ToByteArray()));
    }

    [Fact]
    public void A_file_cut_off_anywhere_ends_in_a_code()
    {
        var bytes = File.ReadAllBytes(Reading.Golden("formats", "network.onnx"));
        for (var length = 1; length < bytes.Length; length += 7)
        {
            using var file = new TemporaryFile(bytes.AsSpan(0, length));
            Assert.Throws<EvaluationFailedException>(() => Loading.Load(file.Path).Dispose());
        }
    }

    private static float[] Numbers(string name) =>
        [.. Expected.GetProperty(name).EnumerateArray().Select(number => number.GetSingle())];

    // The golden model after a change; its weights' numbers get lost on the way, and nothing that is tested needs them.
    private static EvaluationFailedException FailureOf(Action<ModelProto> change)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Reading.Golden("formats", "network.onnx")));
        change(model);
        return Reading.FailureOf(model.ToByteArray());
    }

    private static string CodeOf(Action<ModelProto> change) => FailureOf(change).Code;
}
