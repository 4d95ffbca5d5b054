using System.Globalization;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Leaderboard.Api.Compat.PapersWithCode;

/// <summary>The document of this API alone: its errors and keys are not those of the other one.</summary>
internal static class PapersWithCodeOpenApi
{
    private const string Scheme = "token";
    private const string Error = "Error";

    public static void AddPapersWithCodeOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(PapersWithCodeApi.Document, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.ShouldInclude = description => description.GroupName == PapersWithCodeApi.Document;
            options.AddDocumentTransformer(DescribeDocumentAsync);
            options.AddOperationTransformer(DescribeOperationAsync);
            options.AddOperationTransformer(OpenApiExamples.ShowAsync);
        });

    private static Task DescribeDocumentAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Papers With Code",
            Version = "1",
            Description = "The REST API of Papers With Code, as its own client calls it: put this server and "
                + "`/compat/paperswithcode` in the place of its address. Reads need no key; writes need one with scope `submit`, "
                + "for one's own objects, or `admin`. Errors are `{\"detail\": \"…\"}`, or what is wrong with each field. The "
                + "data of Papers With Code is under CC-BY-SA 4.0, as the `Link` of every answer says.",
            License = new OpenApiLicense { Name = "CC-BY-SA 4.0 (the archive's data)", Identifier = "CC-BY-SA-4.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document was fetched." }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = "Authorization",
                Description = "`Token lb_…`: an API key; `Bearer lb_…` is taken too.",
            },
        };
        // The slash at the end is there on the wire; routes are described without it.
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths)
        {
            paths[$"{path}/"] = item;
        }
        document.Paths = paths;
        OpenApiSetup.TidyTexts(document);
        return Task.CompletedTask;
    }

    private static Task DescribeOperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var document = context.Document!;
        document.AddComponent(Error, ErrorSchema());
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var needsKey = metadata.OfType<IAuthorizeData>().Any(data => data.Policy is not null);
        var key = new OpenApiSecuritySchemeReference(Scheme, document);
        var withKey = new OpenApiSecurityRequirement { [key] = [] };
        operation.Security = needsKey ? [withKey] : [[], withKey];
        foreach (var parameter in operation.Parameters ?? [])
        {
            parameter.Description ??= parameter.Name == "page"
                ? "Number of the page, from 1; 1 by default."
                : "Rows of a page, 1 to 500; 50 by default.";
        }
        operation.Responses ??= [];
        var kinds = metadata.OfType<RefusalMetadata>().SelectMany(refusals => refusals.Kinds)
            .Concat([Problems.TextInvalid, Problems.Unauthenticated, Problems.AddressTooLong, Problems.RateLimited])
            .Concat([Problems.NotFound, Problems.Internal, Problems.DatabaseUnavailable])
            .Concat(needsKey ? [Problems.ScopeMissing] : [])
            .Concat(operation.RequestBody is null
                ? []
                : [Problems.JsonMalformed, Problems.ValidationFailed, Problems.BodyTooLarge, Problems.MediaTypeUnsupported])
            .Append(Problems.RequestMalformed)
            .Distinct();
        foreach (var status in kinds.GroupBy(kind => kind.Status).OrderBy(group => group.Key))
        {
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(' ', status.Select(kind => kind.Title)),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference(Error, document),
                        Example = DjangoErrors.Describe(status.Key, status.First().Title, errors: null),
                    },
                },
            };
        }
        return Task.CompletedTask;
    }

    private static OpenApiSchema ErrorSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What went wrong: `detail`, or what is wrong with each field, by its name.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What went wrong." },
            ["error"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String },
                Description = "With 400, the same as text, which the client of Papers With Code shows.",
            },
        },
        AdditionalProperties = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };
}
