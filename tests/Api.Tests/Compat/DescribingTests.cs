using System.Text.Json;
using System.Text.Json.Nodes;
using Leaderboard.Api.Tests.Requests;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>The document of this API, beside that of the other.</summary>
public sealed class DescribingTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string Approved = Path.Combine(
        Repository.Root, "tests", "Api.Tests", "OpenApi", "openapi.paperswithcode.json");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_the_approved_one_and_no_operation_of_it_is_in_the_other()
    {
        var received = Path.ChangeExtension(Approved, ".received.json");
        var document = (await ReadAsync()).ToJsonString(Indented) + "\n";
        if (!File.Exists(Approved) || await File.ReadAllTextAsync(Approved, Token) != document)
        {
            await File.WriteAllTextAsync(received, document, Token);
            Assert.Fail($"The API's document has changed. Read the difference; to accept it: mv {received} {Approved}");
        }
        Assert.DoesNotContain(
            OldClient.Root, await api.Anonymous.GetStringAsync("/openapi/v1.json", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_described_and_examples_fit()
    {
        var document = ApiDocument.Of((await ReadAsync()).AsObject());
        var rules = new AnswerRules(document);
        var faults = new List<string>();
        Assert.Equal(56, document.Operations.Count);
        foreach (var operation in document.Operations)
        {
            Assert.StartsWith(OldClient.Root, operation.Path, StringComparison.Ordinal);
            Assert.EndsWith("/", operation.Path, StringComparison.Ordinal);
            Assert.NotEmpty((string)operation.Node["summary"]!);
            Assert.All(operation.Parameters, parameter => Assert.NotEmpty((string)parameter["description"]!));
            foreach (var content in operation.Bodies.Select(body => body.Value!)
                .Concat(operation.Node["responses"]!.AsObject().Select(answer => answer.Value!["content"]?["application/json"]).OfType<JsonNode>()))
            {
                faults.AddRange(content["example"] is { } example
                    ? rules.FaultOfJson(content["schema"]!, example.ToJsonString()) is { } fault ? [$"{operation.Id} {fault}"] : []
                    : [$"{operation.Id} has no example of {content["schema"]!.ToJsonString()}"]);
            }
        }
        Assert.Empty(faults.Distinct());
        foreach (var (name, schema) in document.Root["components"]!["schemas"]!.AsObject())
        {
            Assert.All(schema!["properties"]?.AsObject() ?? [], field => Assert.True(field.Value!["description"] is not null, $"{name}.{field.Key}"));
        }
    }

    private async Task<JsonNode> ReadAsync() =>
        JsonNode.Parse(await api.Anonymous.GetStringAsync("/openapi/paperswithcode.json", Token))!;
}
