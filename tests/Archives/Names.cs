using System.Globalization;

namespace Leaderboard.Archives;

/// <summary>What tasks, methods and datasets are called, by their number: the most used first.</summary>
internal static class Names
{
    private static readonly string[] Ways =
        ["", "Few-Shot ", "Zero-Shot ", "Self-Supervised ", "Weakly Supervised ", "Unsupervised ", "Open-Vocabulary ", "Robust ", "Multi-Label ", "Continual ", "Federated ", "Explainable ", "Cross-Lingual ", "Real-Time ", "3D ", "Medical ", "Low-Light ", "Noisy ", "Online ", "Interactive "];

    private static readonly string[] Things =
        ["Image", "Object", "Text", "Video", "Speech", "Graph", "Action", "Point Cloud", "Semantic", "Face", "Scene", "Question", "Node", "Music", "Molecule", "Time Series", "Table", "Code"];

    private static readonly string[] Doings =
        ["Classification", "Detection", "Segmentation", "Generation", "Retrieval", "Recognition", "Translation", "Captioning", "Tracking", "Restoration", "Clustering", "Forecasting", "Matching", "Summarization"];

    private static readonly string[] KnownTasks =
        ["Image Classification", "Object Detection", "Semantic Segmentation", "Language Modelling", "Question Answering", "Representation Learning", "Self-Supervised Learning", "Contrastive Learning", "Machine Translation", "Domain Adaptation"];

    private static readonly string[] KnownDatasets =
        ["ImageNet", "CIFAR-10", "CIFAR-100", "COCO", "MNIST", "SQuAD", "GLUE", "WebVision-1000", "OmniBenchmark", "Kinetics-400"];

    private static readonly string[] KnownMethods =
        ["Residual Connection", "Transformer", "BERT", "Adam", "Dropout", "ReLU", "ResNet", "Softmax", "Batch Normalization", "Attention"];

    private static readonly string[] Stems = ["Omni", "Wiki", "Vis", "Deep", "Meta", "Open", "Audio", "Bio", "Geo", "Med", "Robo", "Street", "Über", "Açaí", "文"];

    private static readonly string[] DatasetEnds = ["Set", "Bench", "Corpus", "Net", "QA", "-Eval", "Faces", "Scenes", "Graph", "Bank"];

    private static readonly string[] MethodEnds = ["Net", "Former", "GAN", "Mix", "Norm", "Loss", "Attention", "Pooling", "-VAE", "RL", "BERT", "Flow"];

    public static string Task(int number)
    {
        if (number < KnownTasks.Length)
        {
            return KnownTasks[number];
        }
        var (rest, doing) = Math.DivRem(number, Doings.Length);
        (rest, var thing) = Math.DivRem(rest, Things.Length);
        (rest, var way) = Math.DivRem(rest, Ways.Length);
        var name = $"{Ways[way]}{Things[thing]} {Doings[doing]}";
        return rest == 0 && !KnownTasks.Contains(name) ? name : $"{name} ({(char)('A' + rest)})";
    }

    public static string Dataset(int number) => number < KnownDatasets.Length
        ? KnownDatasets[number]
        : $"{Stems[number % Stems.Length]}{DatasetEnds[number / Stems.Length % DatasetEnds.Length]}-{Plain(number)}";

    public static string Method(int number) => number < KnownMethods.Length
        ? KnownMethods[number]
        : $"{Stems[number % Stems.Length]}{MethodEnds[number / Stems.Length % MethodEnds.Length]} {Plain(number)}";

    /// <summary>As Papers With Code makes addresses.</summary>
    public static string Slug(string name)
    {
        var slug = new System.Text.StringBuilder();
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (slug is [.., not '-'])
            {
                slug.Append('-');
            }
        }
        return slug.ToString().TrimEnd('-');
    }

    public static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
