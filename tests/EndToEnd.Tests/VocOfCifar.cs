using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>
/// Real JPEG images of CIFAR-10 laid out as Pascal VOC 2007 unpacks, each with two or three of VOC's classes; what
/// <c>Goldens/make_voc_goldens.py</c> lays out in memory.
/// </summary>
internal static class VocOfCifar
{
    private const int Train = 60;
    private const int Test = 40;

    private static readonly string[] Classes =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
        "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>Writes the dataset below a datasets root.</summary>
    public static void Write(string datasets, string name)
    {
        var root = Path.Combine(datasets, name);
        var images = Directory.CreateDirectory(Path.Combine(root, "JPEGImages")).FullName;
        var lists = Directory.CreateDirectory(Path.Combine(root, "ImageSets", "Main")).FullName;
        var folders = Directory.GetDirectories(RealData.At("images", "cifar10_jpg")).Order(StringComparer.Ordinal);
        var lines = new Dictionary<string, List<string>>();
        foreach (var (c, folder) in folders.Index())
        {
            var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal);
            foreach (var (i, file) in files.Take(Train + Test).Index())
            {
                var id = $"{(c * 1000) + i:D6}";
                File.Copy(file, Path.Combine(images, $"{id}.jpg"));
                for (var k = 0; k < Classes.Length; k++)
                {
                    // The numbers stand in a column two wide.
                    var list = $"{Classes[k]}_{(i < Train ? "trainval" : "test")}.txt";
                    lines.TryAdd(list, []);
                    lines[list].Add($"{id} {Label(c, i, k),2}");
                }
            }
        }
        foreach (var (list, of) in lines)
        {
            File.WriteAllLines(Path.Combine(lists, list), of);
        }
        // The lists of all images have no labels; every tar has them.
        File.WriteAllText(Path.Combine(lists, "trainval.txt"), "000099\n");
    }

    // Of an odd image the third class is difficult: 0, which counts as absent.
    private static int Label(int c, int i, int k) =>
        k == c || k == 10 + c ? 1
        : k == 10 + ((c + 9) % 10) ? (i % 2 == 0 ? 1 : 0)
        : -1;
}
