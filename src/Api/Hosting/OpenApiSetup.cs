using System.Text.RegularExpressions;
using Leaderboard.Api.Uploads;
using Leaderboard.Shared.Checkpoints;
using Leaderboard.Shared.Evaluations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Hosting;

/// <summary>The OpenAPI document; its texts are the XML docs of handlers and records.</summary>
internal static partial class OpenApiSetup
{
    public const string BearerScheme = "bearer";

    public static void AddLeaderboardOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer(OpenApiOmissions.AllowAsync);
        options.AddDocumentTransformer(DescribeDocumentAsync);
        options.AddOperationTransformer(OpenApiBodies.DescribeAsync);
        options.AddOperationTransformer(OpenApiUploads.DescribeAsync);
        options.AddOperationTransformer(OpenApiChoices.ListAsync);
        options.AddOperationTransformer(OpenApiProblems.DescribeAsync);
        options.AddOperationTransformer(OpenApiExamples.ShowAsync);
    });

    private static Task DescribeDocumentAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Leaderboard",
            Version = "1",
            Description = "Takes model checkpoints, measures them on benchmarks, publishes ranked boards. "
                + "Reads need no key; writes need one. `RateLimit-Policy` and `RateLimit` tell with every answer how many "
                + "requests are answered and how many are left. Every error is a problem of RFC 9457 with one of these codes:\n\n"
                + string.Concat(Problems.All.Select(kind => $"- `{kind.Code}` ({kind.Status}): {kind.Title}\n")),
            License = new OpenApiLicense { Name = "All rights reserved", Identifier = "LicenseRef-All-rights-reserved" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document was fetched." }];
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
        {
            tag.Description = OpenApiTags.Descriptions.GetValueOrDefault(tag.Name ?? "");
        }
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, `lb_…`; its scopes are of `read`, `submit` and `admin`. "
                    + "What `read` allows, the user's own private rows, every key does.",
            },
        };
        TidyTexts(document);
        DescribeFailures(document.Components.Schemas!);
        return Task.CompletedTask;
    }

    /// <summary>Texts on one line each, and schemas that take fields of later versions.</summary>
    public static void TidyTexts(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.ToList() ?? []))
        {
            operation.Description = OnOneLine(operation.Description);
            foreach (var parameter in operation.Parameters ?? [])
            {
                parameter.Description = OnOneLine(parameter.Description);
            }
        }
        DescribeSchemas(document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? []);
    }

    private static void DescribeSchemas(IEnumerable<OpenApiSchema> schemas)
    {
        foreach (var schema in schemas)
        {
            // Later versions add fields, and clients must not stumble over them.
            schema.AdditionalPropertiesAllowed = true;
            schema.Description = OnOneLine(schema.Description);
            foreach (var property in schema.Properties?.Values.OfType<OpenApiSchema>() ?? [])
            {
                // The text of a field that may be null stands inside the alternative that is not.
                property.Description = OnOneLine(
                    property.Description
                    ?? property.OneOf?.Select(one => one.Description).FirstOrDefault(text => text is not null));
            }
        }
    }

    // Not an enumeration: later versions add codes, and clients must not stumble over them.
    private static void DescribeFailures(IDictionary<string, IOpenApiSchema> schemas) =>
        ((OpenApiSchema)schemas[nameof(Failure)].Properties!["code"]).Description =
            "Stable code; more may come. One of:\n\n"
            + string.Concat(FailureCodes.Meanings.Select(code => $"- `{code.Key}`: {code.Value}\n"));

    // Where a comment breaks its lines is the source's business.
    private static string? OnOneLine(string? text) => text is null ? null : LineBreak().Replace(text, " ");

    [GeneratedRegex("\\s*\\n\\s*")]
    private static partial Regex LineBreak();
}
