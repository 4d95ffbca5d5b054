using Leaderboard.Shared.Benchmarks;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// Layout <c>omnibenchmark</c>: the records of one realm. The authors' download tool, their README and their tar file
/// lay the files out in three ways; the first of them that has records is taken. The split is test, if it has labels
/// (the published lists say 0 for every image, and in the tar there is none), otherwise val.
/// </summary>
internal static class OmniBenchmarkLayout
{
    public static IReadOnlyList<Sample> List(BenchmarkDefinition definition, string folder)
    {
        if (definition.Realms is not [var realm])
        {
            throw DatasetFailure.Changed(
                "Protocol classify takes an OmniBenchmark definition of exactly one realm.");
        }
        var ways = Ways(definition.Path, folder, realm.Name);
        foreach (var splits in ways)
        {
            if (splits.Any(records => records.Exists))
            {
                return ReadLabelled(splits.Where(records => records.Exists), realm);
            }
        }
        var paths = string.Join(" nor ", ways.SelectMany(splits => splits).Select(records => records.Path));
        throw DatasetFailure.Missing(
            $"There are no records of realm {realm.Name} in {definition.Path}: neither {paths}.");
    }

    private static ListFile[][] Ways(string dataset, string folder, string realm)
    {
        string[] splits = ["test", "val"];
        ListFile Records(string place, string name) => new(dataset, folder, place + name, place);
        return
        [
            [.. splits.Select(split => Records($"meta/{realm}/{split}/", "records.txt"))],
            [.. splits.Select(split => Records($"{realm}/{realm}.{split}/", "record.txt"))],
            [.. splits.Select(split => Records($"{realm}/", $"{split}.txt"))],
        ];
    }

    private static IReadOnlyList<Sample> ReadLabelled(IEnumerable<ListFile> splits, Realm realm)
    {
        foreach (var records in splits)
        {
            var samples = records.Read(realm.ClassCount);
            if (realm.ClassCount == 1 || samples.Any(sample => sample.Target != 0))
            {
                return samples;
            }
        }
        throw DatasetFailure.Missing(
            $"The records of realm {realm.Name} have no labels: every one is 0. "
            + "The test labels are not public; add val.");
    }
}
