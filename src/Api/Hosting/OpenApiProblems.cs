using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>Lists the problems of each operation, by status, and which key it needs.</summary>
internal static class OpenApiProblems
{
    public static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var kinds = metadata.OfType<RefusalMetadata>().SelectMany(refusals => refusals.Kinds).ToList();
        if (metadata.OfType<IAuthorizeData>().FirstOrDefault()?.Policy is { } scope)
        {
            kinds.AddRange([Problems.Unauthenticated, Problems.ScopeMissing]);
            // One of several suffices.
            operation.Security =
            [
                .. scope.Split('|').Select(one => new OpenApiSecurityRequirement
                {
                    [new OpenApiSecuritySchemeReference(OpenApiSetup.BearerScheme, context.Document)] = [one],
                }),
            ];
        }
        kinds.Add(Problems.Internal);

        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken);
        context.Document!.AddComponent(nameof(Problem), schema);
        operation.Responses ??= [];
        foreach (var status in kinds.GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(' ', status.Select(kind => $"`{kind.Code}`: {kind.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemWriter.ContentType] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(nameof(Problem), context.Document),
                    },
                },
            };
        }
    }
}
