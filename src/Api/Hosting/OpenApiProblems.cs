using System.Globalization;
using System.Text.Json;
using Leaderboard.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>Lists the problems of each operation, by status, with an example of each; and which key it needs.</summary>
internal static class OpenApiProblems
{
    private static Dictionary<string, IOpenApiHeader> RetryAfter() => new()
    {
        ["Retry-After"] = new OpenApiHeader
        {
            Description = "Seconds after which the same request may be taken; not there where waiting alone does not help.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        },
    };

    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var path = "/" + context.Description.RelativePath;
        var scope = metadata.OfType<IAuthorizeData>().FirstOrDefault(data => data.Policy is not null)?.Policy;
        operation.Security = SecurityOf(scope, metadata.OfType<IAllowAnonymous>().Any(), context.Document!);

        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken);
        context.Document!.AddComponent(nameof(Problem), schema);
        operation.Responses ??= [];
        var kinds = metadata.OfType<RefusalMetadata>().SelectMany(refusals => refusals.Kinds)
            .Concat(OfEvery(operation, path)).Concat(scope is null ? [] : [Problems.Unauthenticated, Problems.ScopeMissing])
            .Distinct();
        foreach (var status in kinds.GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(' ', status.Select(kind => $"`{kind.Code}`: {kind.Title}")),
                Headers = status.Key is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
                    ? RetryAfter()
                    : null,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemWriter.ContentType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(nameof(Problem), context.Document),
                        Examples = status.ToDictionary(kind => kind.Code, IOpenApiExample (kind) => ExampleOf(kind, path)),
                    },
                },
            };
        }
    }

    // An operation that needs no key takes one: it opens what is private.
    private static List<OpenApiSecurityRequirement> SecurityOf(string? scope, bool takesNone, OpenApiDocument document)
    {
        if (takesNone)
        {
            return [];
        }
        var bearer = new OpenApiSecuritySchemeReference(OpenApiSetup.BearerScheme, document);
        return scope is null
            ? [[], new OpenApiSecurityRequirement { [bearer] = [] }]
            // One of several suffices.
            : [.. scope.Split('|').Select(one => new OpenApiSecurityRequirement { [bearer] = [one] })];
    }

    /// <summary>The problems of everything that is read in the same way, whatever the operation does with it.</summary>
    private static IEnumerable<ProblemKind> OfEvery(OpenApiOperation operation, string path)
    {
        yield return Problems.RequestMalformed;
        yield return Problems.Internal;
        if (path.StartsWith("/api/", StringComparison.Ordinal))
        {
            // A key that opens nothing is refused also where none is needed.
            yield return Problems.Unauthenticated;
            yield return Problems.RateLimited;
            yield return Problems.DatabaseUnavailable;
        }
        if (path.Contains('{', StringComparison.Ordinal))
        {
            yield return Problems.NotFound;
        }
        if (operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Path or ParameterLocation.Query) == true)
        {
            yield return Problems.AddressTooLong;
        }
        if (operation.Parameters?.Any(parameter => parameter.Schema?.Type?.HasFlag(JsonSchemaType.String) == true) == true
            || operation.RequestBody is not null)
        {
            yield return Problems.TextInvalid;
        }
        if (operation.RequestBody is not { Content: { } content })
        {
            yield break;
        }
        yield return Problems.MediaTypeUnsupported;
        yield return Problems.BodyTooLarge;
        if (content.ContainsKey("application/json"))
        {
            yield return Problems.JsonMalformed;
            yield return Problems.ValidationFailed;
        }
    }

    private static OpenApiExample ExampleOf(ProblemKind kind, string path)
    {
        var errors = kind == Problems.ValidationFailed
            ? new Dictionary<string, string[]> { ["limit"] = ["must be from 1 to 200"] }
            : null;
        var problem = ProblemWriter.Describe(kind, kind.Title, path, errors);
        return new OpenApiExample { Summary = kind.Title, Value = JsonSerializer.SerializeToNode(problem, LeaderboardJson.Options) };
    }
}
