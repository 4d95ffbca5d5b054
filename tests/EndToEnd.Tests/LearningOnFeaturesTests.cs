using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Protocols that learn on a real checkpoint's features of real images, from a posted file to a board.</summary>
public sealed class LearningOnFeaturesTests(Installation installation) : IClassFixture<Installation>
{
    private static string Checkpoint => RealData.At("checkpoints", "cifar_resnet20_akamaster.th");

    [Fact]
    public async Task A_linear_probe_of_three_realms_is_their_average_each_by_a_job_of_its_own()
    {
        RealmsOfCifar.Write(installation.Datasets);
        await installation.DefineAsync(OmniBenchmark("cifar-omni"));
        installation.StartWorker();

        var id = Assert.Single(await installation.SubmitAsync(Checkpoint, ["cifar-omni"]));
        var evaluation = await installation.EndOfAsync(id);

        Assert.Equal(("succeeded", null), (Installation.State(evaluation), Installation.FailureCode(evaluation)));
        var realms = evaluation["realms"]!.AsArray();
        Assert.Equal(["vehicle", "mammal", "other"], realms.Select(realm => (string)realm!["realm"]!));
        Assert.Equal(["test", "val", "val"], realms.Select(realm => (string)Top1(realm!)["split"]!));
        var average = Installation.Score(evaluation, "average_top1_accuracy");
        Assert.Equal(realms.Average(realm => (double)Top1(realm!)["value"]!), (double)average["value"]!, 12);
        Assert.Equal(realms.Sum(realm => (int)Top1(realm!)["count"]!), (int)average["count"]!);
        // The network was trained on CIFAR-10's other images: any head tells its classes apart.
        Assert.InRange((double)average["value"]!, 0.9, 1);
        Assert.True(
            (double)Installation.Score(evaluation, "average_top1_accuracy_max_over_test")["value"]! >= (double)average["value"]!);

        await AssertRealmAsync(realms[0]!, train: 240, selectedOn: "val");
        await AssertRealmAsync(realms[1]!, train: 240, selectedOn: "train_holdout_20_percent_seed_0");
        await AssertPredictionsAsync(id, realms.Sum(realm => (int)Top1(realm!)["count"]!));
        // Of a mixture of splits no other row can be: it is shown, and not ranked.
        Assert.Equal(("test+val", true), ((string?)average["split"], (bool)average["partial"]!));
        Assert.Empty((await installation.GetAsync("benchmarks/cifar-omni/leaderboard"))["entries"]!.AsArray());
    }

    [Fact]
    public async Task An_average_over_realms_that_were_all_scored_on_val_is_ranked()
    {
        RealmsOfCifar.Write(installation.Datasets);
        var definition = OmniBenchmark("cifar-val-only");
        definition["realms"]!.AsArray().RemoveAt(0);
        definition["class_count"] = 6;
        await installation.DefineAsync(definition);

        var evaluation = await installation.ScoreAsync(Checkpoint, "cifar-val-only");

        Assert.False((bool)Installation.Score(evaluation, "average_top1_accuracy")["partial"]!);
        var board = await installation.GetAsync("benchmarks/cifar-val-only/leaderboard");
        var entry = Assert.Single(board["entries"]!.AsArray())!;
        Assert.Equal((Installation.Id(evaluation), "val"), ((string?)entry["evaluation"], (string?)entry["split"]));
    }

    [Fact]
    public async Task Train_folders_of_other_classes_are_refused_and_the_first_is_named()
    {
        RealmsOfCifar.WriteFolders(installation.Datasets, train: 60, val: 20);
        var renamed = Path.Combine(installation.Datasets, "cifar-renamed");
        foreach (var folder in Directory.GetDirectories(Path.Combine(installation.Datasets, "cifar-train")))
        {
            var name = Path.GetFileName(folder) is "cat" ? "kitten" : Path.GetFileName(folder);
            var target = Directory.CreateDirectory(Path.Combine(renamed, name)).FullName;
            foreach (var image in Directory.GetFiles(folder).Take(2))
            {
                File.Copy(image, Path.Combine(target, Path.GetFileName(image)));
            }
        }
        await installation.DefineAsync(
            Definitions.OfNeighbours("cifar-renamed", definition => definition["train"] = "cifar-renamed"));

        var evaluation = await installation.EndOfAsync(
            Assert.Single(await installation.SubmitAsync(Checkpoint, ["cifar-renamed"])));

        Assert.Equal("dataset_changed", Installation.FailureCode(evaluation));
        Assert.Equal(
            "The class folders of cifar-renamed and cifar-val differ: class 3 is 'deer' in the first and 'cat' in the second.",
            (string?)evaluation["failure"]!["message"]);
    }

    [Fact]
    public async Task A_missing_realm_leaves_no_average_and_a_partial_copy_no_rank()
    {
        RealmsOfCifar.Write(installation.Datasets);
        var missing = OmniBenchmark("cifar-missing");
        missing["realms"]!.AsArray().Add(new JsonObject { ["name"] = "plant", ["class_count"] = 2 });
        missing["class_count"] = 12;
        await installation.DefineAsync(missing);
        var partial = OmniBenchmark("cifar-partial");
        partial["realms"]![0]!["samples"] = new JsonObject { ["train"] = 241 };
        await installation.DefineAsync(partial);

        var ids = await installation.SubmitAsync(Checkpoint, ["cifar-missing", "cifar-partial"]);
        var failed = await installation.EndOfAsync(ids[0]);
        var incomplete = await installation.EndOfAsync(ids[1]);

        Assert.Equal("dataset_missing", Installation.FailureCode(failed));
        Assert.StartsWith("Realm plant: ", (string?)failed["failure"]!["message"], StringComparison.Ordinal);
        Assert.Equal(3, failed["realms"]!.AsArray().Count(realm => (string)realm!["state"]! == "succeeded"));
        Assert.True((bool)Installation.Score(incomplete, "average_top1_accuracy")["partial"]!);
        Assert.Equal(
            [true, false, false], incomplete["realms"]!.AsArray().Select(realm => (bool)Top1(realm!)["partial"]!));
        var vehicles = await installation.GetAsync($"evaluations/{incomplete["realms"]![0]!["evaluation"]}");
        Assert.Equal(
            ["train 240 of 241", "val 80 of ", "test 69 of "],
            vehicles["provenance"]!["learning"]!["splits"]!.AsArray().Select(
                split => $"{split!["split"]} {split["count"]} of {split["complete"]}"));
        Assert.Empty((await installation.GetAsync("benchmarks/cifar-partial/leaderboard"))["entries"]!.AsArray());
    }

    [Fact]
    public async Task Neighbours_and_SVMs_share_the_features_that_were_extracted_once()
    {
        RealmsOfCifar.WriteFolders(installation.Datasets, train: 60, val: 20);
        await installation.DefineAsync(Definitions.OfNeighbours(
            "cifar-knn", definition => definition["metrics"] = new JsonArray("top1_accuracy", "top5_accuracy")));
        await installation.DefineAsync(Definitions.OfCifarSplits("cifar-probe", definition =>
        {
            definition["protocol"] = "linear_probe";
            definition["lambdas"] = new JsonArray(0.01, 0.1);
            definition["metrics"] = new JsonArray("top1_accuracy", "mean_per_class_accuracy", "expected_calibration_error");
        }));
        await installation.DefineAsync(Definitions.OfCifarSplits("cifar-low-shot", definition =>
        {
            definition["protocol"] = "low_shot_svm";
            definition["shots"] = 4;
            definition["draws"] = 5;
            definition["cost"] = 0.5;
            definition["metrics"] = new JsonArray("top1_accuracy");
        }));

        var before = CountExtracted();

        var ids = await installation.SubmitAsync(Checkpoint, ["cifar-knn", "cifar-probe", "cifar-low-shot"]);
        var (knn, probe, svm) = (
            await installation.EndOfAsync(ids[0]), await installation.EndOfAsync(ids[1]), await installation.EndOfAsync(ids[2]));

        Assert.All([knn, probe, svm], each => Assert.Equal("succeeded", Installation.State(each)));
        Assert.All([knn, probe], each => Assert.InRange((double)Installation.Score(each, "top1_accuracy")["value"]!, 0.85, 1));
        Assert.InRange((double)Installation.Score(svm, "top1_accuracy")["value"]!, 0.7, 1);
        Assert.Equal("t_over_draws", (string?)Installation.Score(svm, "top1_accuracy")["interval_method"]);
        Assert.Equal(0, (int?)knn["provenance"]!["learning"]!["unproved_neighbours"]);
        var draws = svm["provenance"]!["learning"]!["draws"]!.AsArray();
        Assert.Equal(draws.Average(draw => (double)draw!), (double)Installation.Score(svm, "top1_accuracy")["value"]!, 12);
        // Train and evaluated of the first two, and of the third the drawn images of train.
        Assert.Equal(before + 3, CountExtracted());

        var other = Assert.Single(await installation.SubmitAsync(
            RealData.At("checkpoints", "cifar_resnet32_akamaster.th"), ["cifar-knn"]));
        var deeper = await installation.EndOfAsync(other);
        var compared = await installation.GetAsync($"compare?a={other}&b={ids[0]}");
        Assert.Equal(200, (int)compared["count"]!);
        Assert.Equal(
            (double)Installation.Score(deeper, "top1_accuracy")["value"]! - (double)Installation.Score(knn, "top1_accuracy")["value"]!,
            (double)compared["difference"]!, 12);
    }

    private int CountExtracted() => Directory.GetFiles(
        Directory.CreateDirectory(Path.Combine(installation.Home, "cache")).FullName, "features.safetensors",
        SearchOption.AllDirectories).Length;

    private static JsonNode Top1(JsonNode realm) => Installation.Score(realm, "top1_accuracy");

    private async Task AssertRealmAsync(JsonNode realm, int train, string selectedOn)
    {
        var own = await installation.GetAsync($"evaluations/{realm["evaluation"]}");
        var learning = own["provenance"]!["learning"]!;
        Assert.Equal(64, (int)learning["features"]!);
        Assert.Equal(selectedOn, (string)learning["selected_on"]!);
        Assert.Equal((double)realm["lambda"]!, (double)learning["lambda"]!);
        Assert.Equal(train, (int)learning["splits"]![0]!["count"]!);
        var penalties = learning["penalties"]!.AsArray();
        Assert.Equal([1e-3, 1e-2, 1e-1, 1], penalties.Select(penalty => (double)penalty!["lambda"]!));
        Assert.All(penalties, penalty => Assert.InRange((double)penalty!["gap"]!, 0, 1e-4));
        // The largest of those that are best where the penalty is selected.
        var best = penalties.Max(penalty => (double)penalty!["selection_accuracy"]!);
        var chosen = penalties.Last(penalty => (double)penalty!["selection_accuracy"]! == best)!;
        Assert.Equal((double)chosen["lambda"]!, (double)realm["lambda"]!);
        Assert.Equal((double)chosen["evaluated_accuracy"]!, (double)Top1(realm)["value"]!);
        await AssertMeanOfClassesAsync(realm);
    }

    private async Task AssertMeanOfClassesAsync(JsonNode realm)
    {
        var predictions = await Predicted.OfAsync(installation, (string)realm["evaluation"]!);
        var classes = predictions.Values.GroupBy(each => each.Target).ToList();
        var mean = Installation.Score(realm, "mean_per_class_accuracy");
        Assert.Equal(
            classes.Average(each => each.Count(one => $"{one.Class}" == one.Target) / (double)each.Count()),
            (double)mean["value"]!, 12);
        Assert.Equal("stratified_wilson", (string?)mean["interval_method"]);
        Assert.Equal(predictions.Count, (int)mean["count"]!);
    }

    private async Task AssertPredictionsAsync(string id, int count)
    {
        var rows = (await installation.Http.GetStringAsync($"evaluations/{id}/predictions")).Split('\n');
        Assert.Equal(count, rows.Length - 2);
        Assert.StartsWith("meta/vehicle/test/images/airplane ", rows[1], StringComparison.Ordinal);
        var classes = (await installation.GetAsync($"evaluations/{id}/classes"))["classes"]!.AsArray();
        Assert.Equal(10, classes.Count);
        Assert.Equal(count, classes.Sum(each => (int)each!["count"]!));
    }

    private static JsonObject OmniBenchmark(string name) => Definitions.OfCifar(name, definition =>
    {
        definition["protocol"] = "linear_probe";
        definition["layout"] = "omnibenchmark";
        definition["path"] = "cifar-omni";
        definition["eval_transform"]!["interpolation"] = "bicubic";
        definition["metrics"] = new JsonArray("average_top1_accuracy", "average_top1_accuracy_max_over_test");
        definition["realms"] = new JsonArray(
            new JsonObject { ["name"] = "vehicle", ["class_count"] = 4 },
            new JsonObject { ["name"] = "mammal", ["class_count"] = 4 },
            new JsonObject { ["name"] = "other", ["class_count"] = 2 });
        definition["lambdas"] = new JsonArray(1e-3, 1e-2, 1e-1, 1);
    });
}
