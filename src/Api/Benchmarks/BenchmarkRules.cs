using System.Text.RegularExpressions;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Benchmarks;

/// <summary>What a definition must be, for this version of the software to measure it.</summary>
internal static partial class BenchmarkRules
{
    public static void Validate(BenchmarkDefinition definition)
    {
        var errors = new Errors();
        CheckNames(definition, errors);
        CheckLayout(definition, errors);
        errors.Require(
            definition.Protocol == Protocol.Classify, "protocol", "must be 'classify', the only one to define for now");
        errors.Require(definition.Lambdas is null, "lambdas", "belongs to protocol 'linear_probe'");
        errors.Require(definition.ClassCount is >= 2 and <= 100_000, "class_count", "must be 2 to 100000");
        errors.Require(
            definition.SampleCount is null or (>= 1 and <= 100_000_000), "sample_count", "must be 1 to 100000000, or null");
        errors.Require(
            definition.ManifestSha256 is null || Sha256Digits().IsMatch(definition.ManifestSha256),
            "manifest_sha256",
            "must be 64 lower-case hexadecimal digits, or null");
        errors.Require(
            definition.Metrics.Count > 0 && definition.Metrics.Distinct().Count() == definition.Metrics.Count
            && definition.Metrics.All(metric => metric is not null && Metric.OfClassify.Contains(metric)),
            "metrics",
            $"must hold one or more of {string.Join(", ", Metric.OfClassify.Order())}, each once");
        EvalTransformRules.Check(definition.EvalTransform, errors);
        errors.ThrowIfAny();
    }

    private static void CheckNames(BenchmarkDefinition definition, Errors errors)
    {
        void Check(string value, string field, int maxLength) => errors.Require(
            value.Length <= maxLength && Name().IsMatch(value),
            field,
            $"must be 1 to {maxLength} lower-case letters, digits, dots and dashes, the first no dot and no dash");

        Check(definition.Name, "name", maxLength: 100);
        Check(definition.Version, "version", maxLength: 20);
        Check(definition.Task, "task", maxLength: 100);
        Check(definition.Dataset, "dataset", maxLength: 100);
    }

    private static void CheckLayout(BenchmarkDefinition definition, Errors errors)
    {
        CheckPath(definition.Path, "path", errors);
        errors.Require(
            definition.Layout is Layouts.ImageFolder or Layouts.ImageList or Layouts.WebVision or Layouts.OmniBenchmark,
            "layout",
            "must be image_folder, image_list, webvision or omnibenchmark");
        if (definition.Layout == Layouts.ImageList)
        {
            CheckPath(definition.List ?? "", "list", errors);
        }
        else
        {
            errors.Require(definition.List is null, "list", "belongs to layout 'image_list'");
        }
        if (definition.Layout == Layouts.OmniBenchmark)
        {
            errors.Require(
                definition.Realms is [{ } realm] && realm.ClassCount == definition.ClassCount && RealmName().IsMatch(realm.Name),
                "realms",
                "must hold exactly one realm, its class_count the benchmark's, its name 1 to 100 letters, digits, '_', '-'");
        }
        else
        {
            errors.Require(definition.Realms is null, "realms", "belongs to layout 'omnibenchmark'");
        }
    }

    // Nothing outside the datasets root is ever named, nor anything that a shell or a list line would split.
    private static void CheckPath(string path, string field, Errors errors)
    {
        errors.RequireText(path, field, maxLength: 500);
        errors.Require(
            !path.StartsWith('/') && !path.Contains('\\') && path.Split('/').All(part => part is not ("" or "." or "..")),
            field,
            "must be a relative path without '.', '..' or empty parts");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]*\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\\z")]
    private static partial Regex RealmName();

    [GeneratedRegex("^[0-9a-f]{64}\\z")]
    private static partial Regex Sha256Digits();
}
