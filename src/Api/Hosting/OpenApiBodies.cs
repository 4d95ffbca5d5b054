using Leaderboard.Api.Evaluations.Events;
using Leaderboard.Api.Leaderboards;
using Leaderboard.Api.Submissions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>Describes the bodies that no model binding sees, since they are read as they stream in.</summary>
internal static class OpenApiBodies
{
    private static readonly Dictionary<string, OpenApiMediaType> NoContent = [];

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        switch (operation.OperationId)
        {
            case "CreateSubmission":
                var submission = new OpenApiSchemaReference(nameof(SubmissionRequest), context.Document);
                operation.RequestBody = SubmissionBody(submission);
                operation.Parameters =
                [
                    Header("Idempotency-Key", IdempotencyKey.Description),
                ];
                break;
            case "FollowEvaluation" or "FollowSubmission":
                operation.Parameters!.Add(Header("Last-Event-ID", "Id of the last event received; the stream goes on behind it."));
                break;
            case "GetLeaderboard":
                foreach (var type in LeaderboardWriter.JsonLines)
                {
                    operation.Responses!["200"].Content![type].Schema =
                        new OpenApiSchemaReference(nameof(LeaderboardEntry), context.Document);
                }
                break;
            case "UploadCheckpoint":
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Description = "The file, as it is.",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["application/octet-stream"] = new() { Schema = Binary("The checkpoint file.") },
                    },
                };
                operation.Parameters =
                [
                    Header("Repr-Digest", "`sha-256=:<base64 of the file's SHA-256>:` (RFC 9530), `sha-512` too."),
                    Header("Content-Digest", "The same; both are checked."),
                    Header("Idempotency-Key", IdempotencyKey.Description),
                ];
                break;
        }
        var contents = operation.Responses?.Values.SelectMany(response => response.Content ?? NoContent);
        foreach (var (mediaType, content) in contents ?? [])
        {
            // Of a stream, the schema is that of each event's data, as of lines it is that of each line.
            if (mediaType != EventStream.MediaType
                && (mediaType.StartsWith("text/", StringComparison.Ordinal)
                    || mediaType.StartsWith("image/", StringComparison.Ordinal)))
            {
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            }
        }
        return Task.CompletedTask;
    }

    private static OpenApiRequestBody SubmissionBody(IOpenApiSchema submission) => new()
    {
        Required = true,
        Description = "The file and the submission in one request, or the submission of a checkpoint uploaded before.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["multipart/form-data"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "Two parts, in either order; with 'submission' first, mistakes are told early.",
                    Required = new HashSet<string> { "submission" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["submission"] = submission,
                        ["checkpoint"] = Binary("The checkpoint file; left out where 'submission' names one."),
                    },
                },
                Encoding = new Dictionary<string, OpenApiEncoding>
                {
                    ["submission"] = new() { ContentType = "application/json" },
                    ["checkpoint"] = new() { ContentType = "application/octet-stream" },
                },
            },
            ["application/json"] = new() { Schema = submission, Example = OpenApiExamples.Of(typeof(SubmissionRequest)) },
        },
    };

    private static OpenApiSchema Binary(string description) =>
        new() { Type = JsonSchemaType.String, Format = "binary", Description = description };

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
