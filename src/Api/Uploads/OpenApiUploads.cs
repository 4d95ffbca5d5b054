using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Uploads;

/// <summary>Describes the fields in which tus says everything, and which no binding sees.</summary>
internal static class OpenApiUploads
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["Tus-Resumable"] = "Version of the protocol, `1.0.0`.",
        ["Tus-Version"] = "Versions that are spoken here, `1.0.0`.",
        ["Tus-Extension"] = "Extensions that are spoken here.",
        ["Tus-Max-Size"] = "Largest checkpoint in bytes.",
        ["Tus-Checksum-Algorithm"] = "What `Upload-Checksum` may name.",
        ["Upload-Length"] = "Bytes of the whole file.",
        ["Upload-Metadata"] = "`key base64, key base64`, 4096 characters at most. `sha256`, 64 lower-case "
            + "hexadecimal digits, is checked once the file is whole; other keys are kept and told again.",
        ["Upload-Offset"] = "Bytes that are kept, which is where the next ones go.",
        ["Upload-Checksum"] = "`sha1`, `sha256` or `sha512`, a space, and the base64 of the body's digest; "
            + "also as a trailer.",
        ["Upload-Expires"] = "When the upload is removed unless more bytes come.",
        ["Checkpoint-Sha256"] = "SHA-256 of the checkpoint that the upload has become; there once it is whole.",
        ["Location"] = "Address of the upload.",
        ["Cache-Control"] = "`no-store`.",
    };

    public static Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        switch (operation.OperationId)
        {
            case "DescribeUploads":
                Answers(operation, "204", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm");
                break;
            case "CreateUpload":
                Takes(operation, ["Tus-Resumable", "Upload-Length"], ["Upload-Metadata", "Upload-Checksum"]);
                operation.RequestBody = Chunk("The first bytes; none where there is no body.", isRequired: false);
                Answers(operation, "201", "Location", "Upload-Expires", "Upload-Offset", "Checkpoint-Sha256");
                break;
            case "GetUploadOffset":
                Takes(operation, ["Tus-Resumable"], []);
                Answers(
                    operation, "200", "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires",
                    "Checkpoint-Sha256", "Cache-Control");
                break;
            case "AppendToUpload":
                Takes(operation, ["Tus-Resumable", "Upload-Offset"], ["Upload-Checksum"]);
                operation.RequestBody = Chunk("The bytes from the offset on, all that are left or fewer.", isRequired: true);
                Answers(operation, "204", "Upload-Offset", "Upload-Expires", "Checkpoint-Sha256");
                break;
            case "TerminateUpload":
                Takes(operation, ["Tus-Resumable"], []);
                Answers(operation, "204");
                break;
        }
        return Task.CompletedTask;
    }

    private static void Takes(OpenApiOperation operation, string[] required, string[] optional)
    {
        var parameters = operation.Parameters ??= [];
        foreach (var name in (string[])[.. required, .. optional])
        {
            parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Required = required.Contains(name),
                Description = Texts[name],
                Schema = SchemaOf(name),
                Example = name switch
                {
                    "Upload-Length" => JsonValue.Create(102_550_000),
                    "Upload-Offset" => JsonValue.Create(0),
                    "Upload-Metadata" => JsonValue.Create("filename bW9kZWwuc2FmZXRlbnNvcnM="),
                    _ => null,
                },
            });
        }
    }

    private static void Answers(OpenApiOperation operation, string status, params string[] names)
    {
        if (operation.Responses?[status] is OpenApiResponse response)
        {
            response.Headers = ((string[])["Tus-Resumable", .. names]).ToDictionary(
                name => name,
                IOpenApiHeader (name) => new OpenApiHeader { Description = Texts[name], Schema = SchemaOf(name) });
        }
    }

    private static OpenApiRequestBody Chunk(string description, bool isRequired) => new()
    {
        Required = isRequired,
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Tus.ChunkType] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Format = "binary",
                    Description = "Bytes of the file.",
                },
            },
        },
    };

    private static OpenApiSchema SchemaOf(string name) => name switch
    {
        "Upload-Length" or "Upload-Offset" or "Tus-Max-Size" =>
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
        "Tus-Resumable" => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(Tus.Version)] },
        _ => new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
