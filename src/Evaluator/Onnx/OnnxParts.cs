namespace Leaderboard.Evaluator.Onnx;

/// <summary>
/// Everything that a model is made of, wherever it stands: in its graph, in graphs within nodes, which the parser bounds
/// in depth, and in its functions with their defaults.
/// </summary>
internal sealed class OnnxParts
{
    private readonly List<NodeProto> nodes = [];
    private readonly List<TensorProto> tensors = [];

    public OnnxParts(ModelProto model)
    {
        Add(model.Graph);
        foreach (var function in model.Functions)
        {
            AddAll(function.Node);
            AddAll(function.AttributeProto);
        }
    }

    public IReadOnlyList<NodeProto> Nodes => nodes;

    public IReadOnlyList<TensorProto> Tensors => tensors;

    private void Add(GraphProto graph)
    {
        tensors.AddRange(graph.Initializer);
        AddAll(graph.SparseInitializer);
        AddAll(graph.Node);
    }

    private void AddAll(IEnumerable<NodeProto> added)
    {
        foreach (var node in added)
        {
            nodes.Add(node);
            AddAll(node.Attribute);
        }
    }

    private void AddAll(IEnumerable<AttributeProto> attributes)
    {
        foreach (var attribute in attributes)
        {
            tensors.AddRange(attribute.Tensors.Append(attribute.T).OfType<TensorProto>());
            AddAll(attribute.SparseTensors.Append(attribute.SparseTensor).OfType<SparseTensorProto>());
            foreach (var graph in attribute.Graphs.Append(attribute.G).OfType<GraphProto>())
            {
                Add(graph);
            }
        }
    }

    private void AddAll(IEnumerable<SparseTensorProto> sparse) => tensors.AddRange(
        sparse.SelectMany(tensor => new[] { tensor.Values, tensor.Indices }).OfType<TensorProto>());
}
