namespace Leaderboard.Evaluator.Models.Engines;

/// <summary>Sizes that are known only when a graph runs, and what is computed from them: tensors of int64.</summary>
internal sealed class OnnxIntegers(OnnxGraph graph)
{
    private const long Int64 = 7;

    public string Constant(params long[] values) => graph.Constant(values);

    /// <summary>Size of one axis, [1].</summary>
    public string Size(string x, long axis) => graph.Add("Shape", [x], ("start", axis), ("end", axis + 1));

    public string Add(string a, string b) => graph.Add("Add", [a, b]);

    public string Subtract(string a, string b) => graph.Add("Sub", [a, b]);

    public string Multiply(string a, string b) => graph.Add("Mul", [a, b]);

    /// <summary>Rounded towards zero.</summary>
    public string Divide(string a, string b) => graph.Add("Div", [a, b]);

    /// <summary>With the divisor's sign, as Python's.</summary>
    public string Modulo(string a, string b) => graph.Add("Mod", [a, b]);

    public string IsLess(string a, string b) => graph.Add("Less", [a, b]);

    public string Choose(string condition, string then, string otherwise) =>
        graph.Add("Where", [condition, then, otherwise]);

    /// <summary>0, 1, … of which there are as many as <paramref name="count"/>, [1], says.</summary>
    public string Range(string count)
    {
        var zero = graph.Add("Constant", [], ("value_int", 0L));
        return graph.Add("Range", [zero, graph.Add("Squeeze", [count]), graph.Add("Constant", [], ("value_int", 1L))]);
    }

    /// <summary>0 where a condition is false, 1 where it holds.</summary>
    public string Count(string condition) => graph.Add("Cast", [condition], ("to", Int64));

    public string Join(params string[] parts) => graph.Add("Concat", parts, ("axis", 0L));

    public string Reshape(string x, string shape) => graph.Add("Reshape", [x, shape]);
}
