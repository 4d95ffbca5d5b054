using System.Text.RegularExpressions;
using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Benchmarks;

/// <summary>What a definition must be, for this version of the software to measure it.</summary>
internal static partial class BenchmarkRules
{
    private const int MaxRealms = 1000;

    public static void Validate(BenchmarkDefinition definition)
    {
        var errors = new Errors();
        CheckNames(definition, errors);
        CheckLayout(definition, errors);
        ProtocolRules.Check(definition, errors);
        errors.Require(definition.ClassCount is >= 2 and <= 100_000, "class_count", "must be 2 to 100000");
        errors.Require(
            definition.SampleCount is null or (>= 1 and <= 100_000_000), "sample_count", "must be 1 to 100000000, or null");
        errors.Require(
            definition.ManifestSha256 is null || Sha256Digits().IsMatch(definition.ManifestSha256),
            "manifest_sha256",
            "must be 64 lower-case hexadecimal digits, or null");
        errors.Require(
            definition.LabelOrder is null || (definition.LabelOrder.Length <= 100 && Name().IsMatch(definition.LabelOrder)),
            "label_order",
            "must be a name of lower-case letters, digits, dots and dashes, or null");
        CheckClasses(definition, errors);
        EvalTransformRules.Check(definition.EvalTransform, errors);
        errors.ThrowIfAny();
    }

    private static void CheckClasses(BenchmarkDefinition definition, Errors errors)
    {
        errors.Require(definition.Labels is null or LabelsOfSamples.Multi, "labels", "must be 'multi', or null");
        errors.Require(
            (definition.Labels == LabelsOfSamples.Multi) == (definition.Layout == Layouts.ImageNetReal)
            || definition is { Layout: Layouts.ImageList, Labels: LabelsOfSamples.Multi },
            "labels",
            "is 'multi' with layout imagenet_real, may be with image_list, and is null with others");
        errors.Require(
            definition.FirstClasses is null
            || (definition.FirstClasses == definition.ClassCount && definition.Labels is null
                && definition.Layout is Layouts.ImageFolder or Layouts.ImageList or Layouts.WebVision),
            "first_classes",
            "must be class_count where it is given, with layout image_folder, image_list or webvision and one label an image");
        errors.Require(
            definition.ClassMask is not { } mask
            || (definition is { Layout: Layouts.ImageFolder, Protocol: Protocol.Classify, FirstClasses: null }
                && mask.Count >= 2 && mask.All(c => c >= 0 && c < definition.ClassCount)
                && mask.Distinct().Count() == mask.Count),
            "class_mask",
            "must hold two or more different classes below class_count; it goes with protocol classify and layout image_folder");
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
            Layouts.All.Contains(definition.Layout), "layout", $"must be one of {string.Join(", ", Layouts.All)}");
        if (definition.Layout == Layouts.ImageList)
        {
            CheckPath(definition.List ?? "", "list", errors);
        }
        else
        {
            errors.Require(definition.List is null, "list", "belongs to layout 'image_list'");
        }
        if (definition.Images is { } images)
        {
            CheckPath(images, "images", errors);
            errors.Require(definition.Layout == Layouts.WebVision, "images", "belongs to layout 'webvision'");
        }
        if (definition.Layout == Layouts.OmniBenchmark)
        {
            CheckRealms(definition, errors);
        }
        else
        {
            errors.Require(definition.Realms is null, "realms", "belongs to layout 'omnibenchmark'");
        }
    }

    private static void CheckRealms(BenchmarkDefinition definition, Errors errors)
    {
        var realms = definition.Realms ?? [];
        errors.Require(
            realms.Count is >= 1 and <= MaxRealms
            && realms.All(realm => realm is not null && RealmName().IsMatch(realm.Name) && realm.ClassCount is >= 1 and <= 100_000)
            && realms.DistinctBy(realm => realm.Name).Count() == realms.Count,
            "realms",
            $"must hold 1 to {MaxRealms} realms of different names of 1 to 100 letters, digits, '_', '-', each with its class_count");
        errors.Require(
            definition.Protocol != Protocol.Classify || realms.Count == 1,
            "realms",
            "must hold exactly one realm with protocol classify");
        errors.Require(
            realms.Sum(realm => (long)(realm?.ClassCount ?? 0)) == definition.ClassCount,
            "class_count",
            "must be the sum of the realms' class counts");
    }

    // Nothing outside the datasets root is ever named, nor anything that a shell or a list line would split.
    internal static void CheckPath(string path, string field, Errors errors)
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
