using Leaderboard.Shared.Benchmarks;
using Leaderboard.Shared.Evaluations;

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
            throw new EvaluationFailedException(
                FailureCodes.DatasetChanged, "Protocol classify takes an OmniBenchmark definition of exactly one realm.");
        }
        foreach (var splits in Ways(folder, realm.Name))
        {
            if (splits.Any(records => records.Exists))
            {
                return ReadLabelled(splits.Where(records => records.Exists), realm);
            }
        }
        throw new EvaluationFailedException(
            FailureCodes.DatasetMissing,
            $"There are no records of realm {realm.Name} in {folder}: neither "
            + $"{string.Join(" nor ", Ways(folder, realm.Name).SelectMany(splits => splits).Select(list => list.Path))}.");
    }

    private static ListFile[][] Ways(string folder, string realm)
    {
        string[] splits = ["test", "val"];
        return
        [
            [.. splits.Select(split => new ListFile(folder, $"meta/{realm}/{split}/records.txt", $"meta/{realm}/{split}/"))],
            [.. splits.Select(split => new ListFile(folder, $"{realm}/{realm}.{split}/record.txt", $"{realm}/{realm}.{split}/"))],
            [.. splits.Select(split => new ListFile(folder, $"{realm}/{split}.txt", $"{realm}/"))],
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
        throw new EvaluationFailedException(
            FailureCodes.DatasetMissing,
            $"The records of realm {realm.Name} have no labels: every one is 0. The test labels are not public; add val.");
    }
}
