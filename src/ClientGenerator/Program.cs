using Leaderboard.ClientGenerator;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

// usage: ClientGenerator OPENAPI.json OUTPUT.cs NAMESPACE. Writes a C# client of the API; the build of src/Cli runs it.
if (args is not [var source, var target, var name])
{
    Console.Error.WriteLine("usage: ClientGenerator OPENAPI.json OUTPUT.cs NAMESPACE");
    return 2;
}
var document = await OpenApiDocument.FromFileAsync(source);
var settings = new CSharpClientGeneratorSettings
{
    ClassName = "LeaderboardClient",
    OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
    ClientClassAccessModifier = "internal",
    GenerateOptionalParameters = true,
    UseBaseUrl = false,
};
var types = settings.CSharpGeneratorSettings;
types.Namespace = name;
types.TypeAccessModifier = "internal";
types.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
types.GenerateNullableReferenceTypes = true;
types.GenerateOptionalPropertiesAsNullable = true;
// An answer without a field that the document promises is an error, not a null.
types.UseRequiredKeyword = true;
types.ArrayType = "System.Collections.Generic.IReadOnlyList";
types.DictionaryType = "System.Collections.Generic.IReadOnlyDictionary";
types.DateType = "System.DateOnly";
types.PropertyNameGenerator = new PascalCase();
await File.WriteAllTextAsync(target, new CSharpClientGenerator(document, settings).GenerateFile());
return 0;
