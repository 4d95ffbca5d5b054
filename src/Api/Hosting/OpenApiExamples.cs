using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leaderboard.Api.Compat.PapersWithCode;
using Leaderboard.Shared;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// Shows a request and an answer of each operation: the object that a class <c>…Examples</c> of the operation's folder
/// holds of the contract's type. A page is an example of its rows.
/// </summary>
internal static class OpenApiExamples
{
    private static readonly Dictionary<Type, object> ByType = typeof(OpenApiExamples).Assembly.GetTypes()
        .Where(type => type.IsAbstract && type.Name.EndsWith("Examples", StringComparison.Ordinal))
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .ToDictionary(field => field.FieldType, field => field.GetValue(null)!);

    public static Task ShowAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var body = context.Description.ParameterDescriptions
            .FirstOrDefault(parameter => parameter.Source.Id == "Body")?.Type;
        Show(operation.RequestBody?.Content, body);
        foreach (var response in context.Description.SupportedResponseTypes.Where(type => type.StatusCode < 300))
        {
            Show(operation.Responses?.GetValueOrDefault($"{response.StatusCode}")?.Content, response.Type);
        }
        return Task.CompletedTask;
    }

    /// <summary>The example of a contract's type as it is on the wire; null where there is none.</summary>
    public static JsonNode? Of(Type type) =>
        Find(type) is { } example ? JsonSerializer.SerializeToNode(example, type, LeaderboardJson.Options) : null;

    private static object? Find(Type type)
    {
        if (ByType.GetValueOrDefault(type) is { } example)
        {
            return example;
        }
        if (!type.IsGenericType || Find(type.GenericTypeArguments[0]) is not { } row)
        {
            return null;
        }
        var rows = Array.CreateInstance(row.GetType(), 1);
        rows.SetValue(row, 0);
        return type.GetGenericTypeDefinition() == typeof(Page<>) ? Activator.CreateInstance(type, rows, null)
            : type.GetGenericTypeDefinition() == typeof(NumberedPage<>) ? Activator.CreateInstance(type, 1L, null, null, rows)
            : null;
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? content, Type? type)
    {
        // What is written by lines is not the JSON of one object.
        if (type is not null && content is not null && content.TryGetValue("application/json", out var json))
        {
            json.Example ??= Of(type);
        }
    }
}
