using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Leaderboard.Tests.Support;

namespace Leaderboard.Api.Tests.Benchmarks;

/// <summary>Benchmarks of protocols that learn on features: what defines them, and what a submission to them makes.</summary>
public sealed class LearningBenchmarksTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    private const string Address = "/api/v1/benchmarks";

    public static TheoryData<string, string> Measured => new()
    {
        { "probe", """{"protocol":"linear_probe","train":"some/train","lambdas":[0.1,1]}""" },
        { "probe-realms", Realms("linear_probe", "\"lambdas\":[0.00001,0.1],\"metrics\":[\"average_top1_accuracy\",\"average_top1_accuracy_max_over_test\"]") },
        { "knn", """{"protocol":"knn","train":"some/train","k":20,"temperature":0.07}""" },
        { "knn-realms", Realms("knn", "\"k\":10,\"temperature\":0.07,\"metrics\":[\"average_top1_accuracy\"]") },
        { "svm", """{"protocol":"low_shot_svm","layout":"image_list","list":"val.csv","train":"train.csv","shots":4,"draws":5,"cost":0.5,"metrics":["top1_accuracy"]}""" },
        { "voc", """{"protocol":"low_shot_svm","layout":"voc","class_count":20,"shots":1,"draws":5,"cost":0.5,"metrics":["mean_average_precision"]}""" },
        { "masked", """{"class_count":1000,"class_mask":[6,11,13],"metrics":["top1_accuracy","expected_calibration_error"],"label_order":"imagenet-1k"}""" },
        { "real", """{"layout":"imagenet_real","labels":"multi","class_count":1000,"metrics":["top1_accuracy"]}""" },
        { "originals", """{"layout":"webvision","images":"val_images"}""" },
        { "first", """{"layout":"webvision","first_classes":50,"class_count":50}""" },
    };

    [Theory]
    [MemberData(nameof(Measured))]
    public async Task What_can_be_measured_can_be_defined_and_reads_as_it_was_written(string name, string changes)
    {
        var definition = Definition(name, changes);

        await api.Admin.PostJsonAsync(Address, definition, HttpStatusCode.Created);

        var shown = await api.Anonymous.GetJsonAsync($"{Address}/{name}");
        Assert.True(JsonNode.DeepEquals(definition, JsonNode.Parse(shown.GetProperty("definition").GetRawText())));
    }

    [Fact]
    public async Task The_catalogue_defines_nothing_that_an_admin_could_not()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "catalog", "benchmarks")))
        {
            var definition = JsonNode.Parse(
                await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["definition"]!.DeepClone().AsObject();
            definition["name"] = $"copy-of-{definition["name"]}";
            if ((string)definition["protocol"]! == "fine_tune")
            {
                // Training is not measured: its boards take published figures alone.
                await api.Admin.ShouldRefuseAsync(Address, definition, 400, "validation_failed");
                continue;
            }
            await api.Admin.PostJsonAsync(Address, definition, HttpStatusCode.Created);
        }
    }

    [Theory]
    [InlineData("""{"protocol":"linear_probe","train":"t"}""", "lambdas")]
    [InlineData("""{"protocol":"linear_probe","train":"t","lambdas":[]}""", "lambdas")]
    [InlineData("""{"protocol":"linear_probe","train":"t","lambdas":[0]}""", "lambdas")]
    [InlineData("""{"protocol":"linear_probe","train":"t","lambdas":[0.1,0.1]}""", "lambdas")]
    [InlineData("""{"protocol":"linear_probe","lambdas":[0.1]}""", "train")]
    [InlineData("""{"protocol":"linear_probe","train":"../t","lambdas":[0.1]}""", "train")]
    [InlineData("""{"train":"t"}""", "train")]
    [InlineData("""{"k":5}""", "k")]
    [InlineData("""{"protocol":"knn","train":"t","k":0,"temperature":0.07}""", "k")]
    [InlineData("""{"protocol":"knn","train":"t","k":5}""", "temperature")]
    [InlineData("""{"protocol":"knn","train":"t","k":5,"temperature":0}""", "temperature")]
    [InlineData("""{"protocol":"low_shot_svm","train":"t","shots":1,"draws":1,"cost":0.5,"metrics":["top1_accuracy"]}""", "draws")]
    [InlineData("""{"protocol":"low_shot_svm","train":"t","shots":1,"draws":5,"cost":-1,"metrics":["top1_accuracy"]}""", "cost")]
    [InlineData("""{"protocol":"low_shot_svm","train":"t","shots":1,"draws":5,"cost":0.5}""", "metrics")]
    [InlineData("""{"layout":"voc","class_count":20}""", "layout")]
    [InlineData("""{"layout":"imagenet_real"}""", "labels")]
    [InlineData("""{"labels":"multi"}""", "labels")]
    [InlineData("""{"labels":"several"}""", "labels")]
    [InlineData("""{"class_mask":[1,1]}""", "class_mask")]
    [InlineData("""{"class_mask":[1,10]}""", "class_mask")]
    [InlineData("""{"class_mask":[1]}""", "class_mask")]
    [InlineData("""{"first_classes":5}""", "first_classes")]
    [InlineData("""{"label_order":"Image Net"}""", "label_order")]
    [InlineData("""{"layout":"webvision","images":"../val_images"}""", "images")]
    [InlineData("""{"layout":"image_folder","images":"val_images"}""", "images")]
    [InlineData("""{"layout":"omnibenchmark","protocol":"knn","k":5,"temperature":1,"metrics":["average_top1_accuracy"],"realms":[{"name":"a","class_count":3}]}""", "class_count")]
    [InlineData("""{"layout":"omnibenchmark","protocol":"knn","k":5,"temperature":1,"metrics":["average_top1_accuracy"],"realms":[{"name":"a","class_count":5},{"name":"a","class_count":5}]}""", "realms")]
    public async Task What_cannot_is_refused_by_field(string changes, string field)
    {
        var problem = await api.Admin.ShouldRefuseAsync(Address, Definition("refused", changes), 400, "validation_failed");

        Assert.Contains(field, problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task A_submission_makes_an_evaluation_that_waits_for_one_of_each_realm()
    {
        await api.Admin.PostJsonAsync(
            Address, Definition("realms", Realms("knn", "\"k\":10,\"temperature\":0.07,\"metrics\":[\"average_top1_accuracy\"]")),
            HttpStatusCode.Created);
        using var user = await api.CreateUserAsync("realms");

        var submission = await ApiFactory.SubmitAsync(user, Samples.Submission("realms"));

        var summary = Assert.Single(submission.GetProperty("evaluations").EnumerateArray());
        var id = summary.GetProperty("id").GetGuid();
        await api.ExecuteAsync(
            "update evaluations set state = 'running', done = 3, total = 10, images_per_second = 5 where parent_id = @id and realm = 'bird'",
            new { id });
        var evaluation = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{id}");
        var realms = evaluation.GetProperty("realms").EnumerateArray().ToList();
        Assert.Equal(["bird", "car"], realms.Select(realm => realm.GetProperty("realm").GetString()));
        Assert.Equal(["running", "queued"], realms.Select(realm => realm.GetProperty("state").GetString()));
        Assert.Equal(3, evaluation.GetProperty("progress").GetProperty("done").GetInt32());
        Assert.Equal(JsonValueKind.Null, evaluation.GetProperty("progress").GetProperty("total").ValueKind);
        var bird = await api.Anonymous.GetJsonAsync($"/api/v1/evaluations/{realms[0].GetProperty("evaluation").GetGuid()}");
        Assert.Equal(("bird", id), (bird.GetProperty("realm").GetString(), bird.GetProperty("part_of").GetGuid()));
        Assert.Equal(
            2, await api.ScalarAsync<int>(
                "select count(*) from hangfire.jobqueue q join evaluations e on e.job_id = q.jobid where e.parent_id = @id",
                new { id }));
    }

    [Fact]
    public async Task Another_order_of_classes_is_refused_before_anything_is_measured()
    {
        await api.Admin.PostJsonAsync(
            Address, Definition("ordered", """{"label_order":"imagenet-1k"}"""), HttpStatusCode.Created);
        using var user = await api.CreateUserAsync("orders");
        var submission = Samples.Submission("ordered");
        submission["label_order"] = "webvision-2.0";

        using var form = Samples.Form(submission, Samples.Checkpoint());
        await user.ShouldRefuseAsync("/api/v1/submissions", form, 422, "label_order_mismatch");

        submission["label_order"] = "imagenet-1k";
        var accepted = await ApiFactory.SubmitAsync(user, submission);
        Assert.Equal("imagenet-1k", accepted.GetProperty("label_order").GetString());
    }

    [Fact]
    public async Task A_program_of_features_may_not_classify()
    {
        await api.CreateBenchmarkAsync("classified");
        using var user = await api.CreateUserAsync("features");
        var submission = Samples.Submission("classified");
        submission["output"] = "features";

        using var form = Samples.Form(submission, Samples.Checkpoint());
        var problem = await user.ShouldRefuseAsync("/api/v1/submissions", form, 400, "validation_failed");

        Assert.Equal("output", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Figures_of_another_protocol_say_so_and_can_be_left_out_and_partial_scores_rank_nowhere()
    {
        await api.CreateBenchmarkAsync("mixed");
        await api.ReportAsync("mixed", "tuned", 0.9);
        await api.ReportAsync("mixed", "probed", 0.8);
        await api.ReportAsync("mixed", "half", 0.95);
        await api.ExecuteAsync("update results set protocol_deviation = 'tunes_backbone' where model_name = 'tuned'");
        await api.ExecuteAsync("update results set partial = true where model_name = 'half'");

        async Task<string> Board(string query) => string.Join(' ',
            (await api.Anonymous.GetJsonAsync($"{Address}/mixed/leaderboard{query}")).GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("model_name")}:{entry.GetProperty("protocol_deviation")}"));

        Assert.Equal("tuned:tunes_backbone probed:", await Board(""));
        Assert.Equal("probed:", await Board("?follows_protocol=true"));
    }

    private static string Realms(string protocol, string more) =>
        $$"""{"protocol":"{{protocol}}","layout":"omnibenchmark","realms":[{"name":"bird","class_count":4},{"name":"car","class_count":6,"samples":{"train":100,"val":5} }],{{more}}}""";

    private static JsonObject Definition(string name, string changes)
    {
        var definition = Samples.Benchmark(name);
        foreach (var (field, value) in JsonNode.Parse(changes)!.AsObject())
        {
            definition[field] = value?.DeepClone();
        }
        return definition;
    }
}
