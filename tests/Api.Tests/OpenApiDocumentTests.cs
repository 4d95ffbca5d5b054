using System.Text.Json;
using System.Text.Json.Nodes;
using Leaderboard.Api.Tests.Requests;
using Leaderboard.Shared.Evaluations;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests;

public sealed class OpenApiDocumentTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private static readonly string Approved = Path.Combine(
        Repository.Root, "tests", "Api.Tests", "OpenApi", "openapi.v1.json");

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_document_is_the_approved_one()
    {
        var received = Path.ChangeExtension(Approved, ".received.json");
        var document = (await ReadAsync()).ToJsonString(Indented) + "\n";
        if (File.Exists(Approved) && await File.ReadAllTextAsync(Approved, TestContext.Current.CancellationToken) == document)
        {
            return;
        }
        await File.WriteAllTextAsync(received, document, TestContext.Current.CancellationToken);
        Assert.Fail($"The API's document has changed. Read the difference; to accept it: mv {received} {Approved}");
    }

    [Fact]
    public async Task Every_operation_and_every_field_is_described()
    {
        var document = await ReadAsync();
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).ToList();
        Assert.True(operations.Count >= 14);
        var missing = new List<string>();
        foreach (var (method, operation) in operations)
        {
            var id = (string?)operation!["operationId"];
            Assert.False(string.IsNullOrEmpty(id), operation.ToJsonString());
            Require(operation["summary"], $"{id} summary");
            Require(operation["tags"], $"{id} tags");
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                Require(parameter!["description"], $"{id} {parameter["name"]}");
            }
        }
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            foreach (var (field, property) in schema!["properties"]?.AsObject() ?? [])
            {
                Require(property!["description"], $"{name}.{field}");
            }
        }
        Assert.Empty(missing);

        void Require(JsonNode? text, string what)
        {
            if (text is null || text.ToJsonString() is "\"\"" or "[]")
            {
                missing.Add(what);
            }
        }
    }

    [Fact]
    public async Task Every_request_and_answer_in_json_has_an_example_that_fits()
    {
        var document = await ApiDocument.ReadAsync(api.Anonymous);
        var rules = new AnswerRules(document);
        var faults = new List<string>();
        foreach (var operation in document.Operations)
        {
            foreach (var (type, content) in operation.Bodies.Where(body => body.Key == "application/json"))
            {
                Check($"{operation.Id}: {type}", content!);
            }
            foreach (var (status, response) in operation.Node["responses"]!.AsObject())
            {
                foreach (var (type, content) in response!["content"]?.AsObject() ?? [])
                {
                    if (type == "application/problem+json" || (type == "application/json" && status[0] == '2'))
                    {
                        Check($"{operation.Id}: {status} {type}", content!);
                    }
                }
            }
        }
        Assert.Empty(faults);

        void Check(string what, JsonNode content)
        {
            var examples = content["example"] is { } one
                ? [one]
                : content["examples"]?.AsObject().Select(example => example.Value!["value"]!).ToList() ?? [];
            faults.AddRange(examples.Count == 0
                ? [$"{what} has no example"]
                : examples.Select(example => rules.FaultOfJson(content["schema"]!, example.ToJsonString()))
                    .OfType<string>().Select(fault => $"{what} {fault}"));
        }
    }

    [Fact]
    public async Task The_upload_is_a_form_of_a_file_and_a_described_part()
    {
        var document = await ReadAsync();
        var content = document["paths"]!["/api/v1/submissions"]!["post"]!["requestBody"]!["content"]!;
        var parts = content["multipart/form-data"]!["schema"]!["properties"]!;
        Assert.Equal("binary", (string?)parts["checkpoint"]!["format"]);
        Assert.Equal("#/components/schemas/SubmissionRequest", (string?)parts["submission"]!["$ref"]);
        Assert.Equal("#/components/schemas/SubmissionRequest", (string?)content["application/json"]!["schema"]!["$ref"]);
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["bearer"]!["scheme"]);
    }

    [Fact]
    public async Task Every_failure_code_is_described_with_what_a_submitter_can_do()
    {
        var document = await ReadAsync();
        var text = (string)document["components"]!["schemas"]!["Failure"]!["properties"]!["code"]!["description"]!;
        Assert.True(FailureCodes.All.Count >= 24);
        Assert.All(FailureCodes.All, code => Assert.Matches($"- `{code}`: [A-Z].+\\. [A-Z].+\\.\n", text));
    }

    private async Task<JsonNode> ReadAsync() => JsonNode.Parse(
        await api.Anonymous.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!;
}
