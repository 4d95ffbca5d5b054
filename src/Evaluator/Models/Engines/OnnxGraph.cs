using System.Globalization;
using Google.Protobuf;
using Leaderboard.Evaluator.Models.Operations;
using Leaderboard.Evaluator.Onnx;
using AttributeType = Leaderboard.Evaluator.Onnx.AttributeProto.Types.AttributeType;

namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>
/// A network written down in ONNX, its weights left out: <see cref="WeightsFile"/> holds them. Operators are those of
/// https://github.com/onnx/onnx/blob/main/docs/Operators.md at <see cref="OpsetVersion"/>.
/// </summary>
internal sealed class OnnxGraph(Weights weights)
{
    public const string Input = "images";
    public const string Answer = "answer";

    private const int IrVersion = 10;
    private const int OpsetVersion = 20;
    private const int Float = 1;

    private readonly GraphProto graph = new() { Name = "network" };
    private readonly HashSet<string> used = [];

    /// <summary>The weights that the graph reads, in the order of its nodes.</summary>
    public IEnumerable<string> Weights => graph.Initializer.Select(tensor => tensor.Name);

    /// <summary>Adds a node; the name of what it gives.</summary>
    /// <param name="operation">An operator's name.</param>
    /// <param name="inputs">Names of what it takes.</param>
    /// <param name="attributes">Each a float, a long, a string or longs.</param>
    public string Add(string operation, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        AddMany(operation, inputs, 1, attributes)[0];

    /// <summary>Adds a node that gives several values; their names.</summary>
    /// <inheritdoc cref="Add"/>
    public string[] AddMany(
        string operation, IReadOnlyList<string> inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{operation}_{graph.Node.Count}");
        string[] names = outputs == 1
            ? [name]
            : [.. Enumerable.Range(0, outputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}.{i}"))];
        var node = new NodeProto { OpType = operation, Name = name, Output = { names }, Input = { inputs } };
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        graph.Node.Add(node);
        return names;
    }

    public string Constant(float value) => Add("Constant", [], ("value_float", value));

    public string Constant(long[] values) => Add("Constant", [], ("value_ints", values));

    /// <summary>The name of a weight, which is that of the network's state dict.</summary>
    public string Weight(string name)
    {
        if (used.Add(name))
        {
            graph.Initializer.Add(new TensorProto
            {
                Name = name,
                DataType = Float,
                DataLocation = TensorProto.Types.DataLocation.External,
                Dims = { weights.ShapeOf(name) },
            });
        }
        return name;
    }

    /// <summary>The weight's name, or nothing where the network has no such weight.</summary>
    public IEnumerable<string> WeightIfAny(string name) => weights.Has(name) ? [Weight(name)] : [];

    /// <inheritdoc cref="Models.Weights.IsFolded"/>
    public bool IsFolded(BatchNorm norm) => weights.IsFolded(norm);

    /// <summary>The model in ONNX's binary form.</summary>
    /// <param name="answer">Name of what the model gives.</param>
    /// <param name="file">The weights' file, relative to the model's folder.</param>
    /// <param name="offsets">Where each weight begins in it.</param>
    public byte[] ToModel(string answer, string file, IReadOnlyDictionary<string, long> offsets)
    {
        foreach (var tensor in graph.Initializer)
        {
            tensor.ExternalData.Add(Entry("location", file));
            tensor.ExternalData.Add(Entry("offset", offsets[tensor.Name]));
            tensor.ExternalData.Add(Entry("length", (long)weights.CountOf(tensor.Name) * sizeof(float)));
        }
        graph.Input.Add(Images());
        graph.Node.Add(new NodeProto { OpType = "Identity", Input = { answer }, Output = { Answer } });
        graph.Output.Add(new ValueInfoProto
        {
            Name = Answer,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float } },
        });
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "leaderboard", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OpsetVersion });
        return model.ToByteArray();
    }

    private static ValueInfoProto Images()
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "count" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = 3 });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "height" });
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "width" });
        return new ValueInfoProto
        {
            Name = Input,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float, Shape = shape } },
        };
    }

    private static StringStringEntryProto Entry(string key, object value) =>
        new() { Key = key, Value = Convert.ToString(value, CultureInfo.InvariantCulture) };

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case float number:
                (attribute.Type, attribute.F) = (AttributeType.Float, number);
                break;
            case long number:
                (attribute.Type, attribute.I) = (AttributeType.Int, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] numbers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            default:
                throw new ArgumentException($"An attribute of type {value.GetType()} has no form here.", nameof(value));
        }
        return attribute;
    }
}
