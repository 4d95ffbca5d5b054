using Leaderboard.Api.Hosting;
using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Api.Benchmarks;

/// <summary>What a definition must say for its protocol, and may not say for others.</summary>
internal static class ProtocolRules
{
    private const int MaxLambdas = 32;

    public static void Check(BenchmarkDefinition definition, Errors errors)
    {
        errors.Require(
            Protocol.All.Contains(definition.Protocol), "protocol", $"must be one of {string.Join(", ", Protocol.All)}");
        var metrics = Metric.Of(definition);
        errors.Require(
            definition.Metrics.Count > 0 && definition.Metrics.Distinct().Count() == definition.Metrics.Count
            && definition.Metrics.All(metric => metric is not null && metrics.Contains(metric)),
            "metrics",
            $"must hold one or more of {string.Join(", ", metrics.Order())}, each once");
        CheckTrain(definition, errors);

        Belongs(definition.Lambdas, Protocol.LinearProbe, "lambdas", lambdas =>
            lambdas.Count is >= 1 and <= MaxLambdas && lambdas.All(lambda => double.IsFinite(lambda) && lambda > 0)
            && lambdas.Distinct().Count() == lambdas.Count,
            $"must hold 1 to {MaxLambdas} different numbers above 0");
        Belongs(definition.K, Protocol.Knn, "k", k => k is >= 1 and <= 1000, "must be 1 to 1000");
        Belongs(
            definition.Temperature, Protocol.Knn, "temperature", t => t is >= 0.001 and <= 1000, "must be 0.001 to 1000");
        Belongs(definition.Shots, Protocol.LowShotSvm, "shots", shots => shots is >= 1 and <= 1000, "must be 1 to 1000");
        Belongs(definition.Draws, Protocol.LowShotSvm, "draws", draws => draws is >= 2 and <= 100, "must be 2 to 100");
        Belongs(definition.Cost, Protocol.LowShotSvm, "cost", cost => cost is >= 1e-6 and <= 1e6, "must be 0.000001 to 1000000");

        void Belongs<T>(T? value, string protocol, string field, Func<T, bool> isRight, string rule)
        {
            if (definition.Protocol != protocol)
            {
                errors.Require(value is null, field, $"belongs to protocol '{protocol}'");
            }
            else
            {
                errors.Require(value is not null && isRight(value), field, rule);
            }
        }
    }

    // What learns on features needs images to learn from; realms and VOC bring theirs.
    private static void CheckTrain(BenchmarkDefinition definition, Errors errors)
    {
        var learns = definition.Protocol != Protocol.Classify;
        var bringsItsOwn = definition.Layout is Layouts.OmniBenchmark or Layouts.Voc;
        if (!learns || bringsItsOwn)
        {
            errors.Require(
                definition.Train is null, "train",
                "belongs to protocols that learn on features, with layout image_folder, image_list or webvision");
        }
        else
        {
            BenchmarkRules.CheckPath(definition.Train ?? "", "train", errors);
            errors.Require(
                definition.Train != (definition.Layout == Layouts.ImageList ? definition.List : definition.Path),
                "train", "must not be what is evaluated");
        }
        errors.Require(
            !learns || definition.Layout != Layouts.ImageNetReal, "layout", "imagenet_real goes with protocol classify");
        errors.Require(
            definition.Layout != Layouts.Voc || definition.Protocol == Protocol.LowShotSvm,
            "layout", "voc goes with protocol low_shot_svm");
        errors.Require(
            definition.Protocol != Protocol.LowShotSvm || definition.Realms is null,
            "realms", "go with protocols classify, linear_probe and knn");
        errors.Require(
            !learns || definition is { Labels: null, ClassMask: null }, "labels", "and class_mask go with protocol classify");
    }
}
