using NJsonSchema;
using NJsonSchema.CodeGeneration;

namespace Leaderboard.ClientGenerator;

/// <summary><c>model_name</c> on the wire is <c>ModelName</c> in C#.</summary>
internal sealed class PascalCase : IPropertyNameGenerator
{
    public string Generate(JsonSchemaProperty property) => string.Concat(
        property.Name.Split('_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
