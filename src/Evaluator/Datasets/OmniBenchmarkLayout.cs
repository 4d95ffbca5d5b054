using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>omnibenchmark</c>: the records of realms. The authors' download tool, their README and their tar file lay
/// the files out in three ways; a realm lies there in one of them. What is evaluated is test, if it has labels (the
/// published lists say 0 for every image, and in the tar there is none), otherwise val. An image may stand in a list with
/// two labels, and is then two samples, as the authors count; a line that stands twice is one, other than they count.
/// </summary>
internal static class OmniBenchmarkLayout
{
    private static readonly string[] Splits = [Split.Train, Split.Val, Split.Test];

    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, DatasetPart part, string folder)
    {
        var realm = part.Realm ?? OnlyRealm(definition);
        var split = part.Split == Split.Evaluated ? EvaluatedSplit(definition, realm, folder) : part.Split;
        return Find(definition, realm, folder, split) is { } records
            ? records.Read(new LabelRange(realm.ClassCount))
            : throw DatasetFailure.Missing(
                $"There are no records of realm {realm.Name}, split {split}, in {definition.Path}.");
    }

    /// <summary>Whether a realm has records of a split.</summary>
    public static bool Has(BenchmarkDefinition definition, Realm realm, string folder, string split) =>
        Find(definition, realm, folder, split) is not null;

    /// <summary>The split of a realm that can be scored: test if it is labelled, else val.</summary>
    public static string EvaluatedSplit(BenchmarkDefinition definition, Realm realm, string folder)
    {
        foreach (var split in (string[])[Split.Test, Split.Val])
        {
            if (Find(definition, realm, folder, split) is { } records
                && (realm.ClassCount == 1
                    || records.Read(new LabelRange(realm.ClassCount)).Any(sample => sample.Target != 0)))
            {
                return split;
            }
        }
        throw DatasetFailure.Missing(
            Has(definition, realm, folder, Split.Test) || Has(definition, realm, folder, Split.Val)
                ? $"The records of realm {realm.Name} have no labels: every one is 0. The test labels are not public; add val."
                : $"There are no records of realm {realm.Name} in {definition.Path}: neither {string.Join(" nor ", Named(definition, realm, folder))}.");
    }

    private static Realm OnlyRealm(BenchmarkDefinition definition) => definition.Realms is [var realm]
        ? realm
        : throw DatasetFailure.Changed("Protocol classify takes an OmniBenchmark definition of exactly one realm.");

    private static ListFile? Find(BenchmarkDefinition definition, Realm realm, string folder, string split)
    {
        List<Func<string, ListFile>> found =
            [.. Ways(definition.Path, folder, realm.Name).Where(way => Splits.Any(each => way(each).Exists))];
        if (found.Count > 1)
        {
            var lists = found.Select(way => Splits.Select(way).First(records => records.Exists).Path);
            throw DatasetFailure.Changed(
                $"Realm {realm.Name} of {definition.Path} is laid out in several ways, of which one must stay: "
                + $"{string.Join(" and ", lists)} are there.");
        }
        return found is [var taken] && taken(split) is { Exists: true } records ? records : null;
    }

    private static IEnumerable<string> Named(BenchmarkDefinition definition, Realm realm, string folder) =>
        from way in Ways(definition.Path, folder, realm.Name)
        from split in (string[])[Split.Test, Split.Val]
        select way(split).Path;

    private static Func<string, ListFile>[] Ways(string dataset, string folder, string realm)
    {
        ListFile Records(string place, string name) =>
            new(dataset, folder, place + name, place) { SeveralLabels = SeveralLabels.ByLines };
        return
        [
            split => Records($"meta/{realm}/{split}/", "records.txt"),
            split => Records($"{realm}/{realm}.{split}/", "record.txt"),
            split => Records($"{realm}/", $"{split}.txt"),
        ];
    }
}
