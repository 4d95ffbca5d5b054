using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>A field that is left out where it would be null is promised to nobody.</summary>
internal static class OpenApiOmissions
{
    public static Task AllowAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var property in context.JsonTypeInfo.Properties)
        {
            var ignored = property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false);
            if (ignored is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }])
            {
                schema.Required?.Remove(property.Name);
            }
        }
        return Task.CompletedTask;
    }
}
