using System.Text;

namespace Leaderboard.Archives;

/// <summary>The words of titles and abstracts, the most frequent first, and the names of people.</summary>
internal sealed class Vocabulary
{
    private const int WordCount = 30_000;
    private const int FamilyCount = 20_000;

    private static readonly string[] Frequent =
    [
        .. """
            the of and to we a in is for on that with this model learning are by our as from data methods propose which be
            an can method network training neural deep approach models performance results state art image using based show
            task tasks information new it datasets representation language not these large framework different both multi
            between has paper feature features systems real more at semantic attention have problem their through self
            images each domain graph algorithm work time detection prediction classification segmentation generation video
            efficient recognition object supervised transformer adversarial robust network networks contrastive dataset
            accuracy knowledge however existing learn local global spatial temporal quality visual proposed human end point
            sparse convolutional diffusion reinforcement optimization pre-trained trained downstream benchmark evaluation
            experiments demonstrate novel effective significant outperforms sota code available while such also than or but
            into two three scale high low structure distribution samples labels noisy webly momentum prototypes latent
            embedding clustering text speech audio translation question answering retrieval reasoning dialogue summarization
            medical clinical robot control policy agents reward exploration federated privacy fairness bias uncertainty
            calibration bayesian variational inference generative gan autoencoder flow score kernel gradient stochastic
            convergence bounds theory optimal sample complexity regret bandits online streaming edge mobile hardware
            quantization pruning distillation compression search architecture few-shot zero-shot transfer adaptation
            generalization augmentation regularization normalization ensemble mixture experts prompt instruction tuning
            """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Distinct(),
    ];

    private static readonly string[] Starts =
        ["al", "be", "co", "de", "en", "fi", "ga", "hy", "in", "ka", "lo", "mi", "no", "or", "pa", "qui", "re", "sy", "tra", "ul", "ve", "xe", "zo", "ste"];

    private static readonly string[] Middles =
        ["ra", "li", "no", "te", "mo", "si", "gu", "pre", "cto", "ndi", "lla", "rve", "sti", "mbe", "ntra", "lo"];

    private static readonly string[] Ends =
        ["tion", "ing", "al", "ity", "er", "ous", "ment", "ics", "ance", "ive", "or", "ism", "ed", "ly", "est", "ful"];

    private static readonly string[] Given =
        ["Wei", "Junnan", "Anna", "José", "Łukasz", "Yann", "Zoë", "Søren", "Maria", "Ahmed", "Yuki", "Priya", "Chen", "Émile", "Olga", "Kaiming", "Björn", "Ivan", "Li", "Sara", "Jürgen", "David", "Hana", "Nguyễn"];

    private static readonly string[] FamilyEnds = ["ová", "sen", "ström", "ez", "ski", "wang", "moto", "berg", "ić", "pour", "ström", "li"];

    private readonly string[] words;

    public Vocabulary(ulong seed)
    {
        words = new string[WordCount];
        Frequent.CopyTo(words, 0);
        var known = new HashSet<string>(Frequent);
        for (var (at, number) = (Frequent.Length, 0); at < WordCount; number++)
        {
            var draws = new Draws(seed, RecordKind.Word, number);
            var word = draws.Of(Starts) + draws.Of(Middles) + (draws.OneIn(2) ? draws.Of(Middles) : "") + draws.Of(Ends);
            if (known.Add(word))
            {
                words[at++] = word;
            }
        }
        Families = new string[FamilyCount];
        for (var i = 0; i < FamilyCount; i++)
        {
            var draws = new Draws(seed, RecordKind.Author, i);
            Families[i] = Capital(draws.Of(Starts) + draws.Of(Middles) + draws.Of(FamilyEnds));
        }
    }

    private string[] Families { get; }

    public string Word(ref Draws draws) => words[draws.Zipf(WordCount)];

    /// <summary>A word that says something of what a text is about.</summary>
    public string Topic(ref Draws draws) => words[60 + draws.Zipf(WordCount - 60)];

    public string Person(ref Draws draws) => $"{draws.Of(Given)} {Families[draws.Zipf(FamilyCount)]}";

    public string Title(ref Draws draws)
    {
        var title = new StringBuilder();
        var count = draws.Between(5, 11);
        for (var i = 0; i < count; i++)
        {
            title.Append(i == 0 ? "" : " ").Append(i > 0 && draws.OneIn(4) ? draws.Of(["for", "with", "of", "via", "and"]) : Capital(Topic(ref draws)));
        }
        return draws.OneIn(40) ? $"{title}: α-{Capital(Topic(ref draws))} für Bäume 学习" : title.ToString();
    }

    public void AddSentence(StringBuilder text, ref Draws draws)
    {
        var count = draws.Between(8, 22);
        text.Append(Capital(Word(ref draws)));
        for (var i = 1; i < count; i++)
        {
            text.Append(' ').Append(draws.OneIn(2) ? Word(ref draws) : Topic(ref draws));
        }
        text.Append(". ");
    }

    public static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
