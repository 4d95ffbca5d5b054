using Leaderboard.Api.Compat.PapersWithCode.Papers;

namespace Leaderboard.Api.Compat.PapersWithCode.Evaluations;

/// <summary>What a request says of a row; null where an update leaves it as it is.</summary>
/// <param name="Figures">By the names of their metrics.</param>
/// <param name="Methodology">Name of the model.</param>
/// <param name="UsesAdditionalData">Whether more data was used than the dataset has.</param>
/// <param name="Paper">What names the paper, empty for none.</param>
/// <param name="EvaluatedOn">When it was evaluated.</param>
/// <param name="ExternalSourceUrl">Where it is from, empty for nowhere.</param>
internal sealed record ResultFields(
    IReadOnlyDictionary<string, string>? Figures,
    string? Methodology,
    bool? UsesAdditionalData,
    string? Paper,
    DateOnly? EvaluatedOn,
    string? ExternalSourceUrl)
{
    public static ResultFields Read(Fields fields, bool isDateRequired) => new(
        fields.Figures("metrics"), fields.Required("methodology"), fields.Flag("uses_additional_data"),
        fields.Optional("paper", Fields.MaxUrl), fields.Date("evaluated_on", isDateRequired), fields.Url("external_source_url"));

    public void RequireKnownMetrics(Fields fields, IReadOnlyCollection<string> known)
    {
        foreach (var name in (Figures?.Keys ?? []).Where(name => !known.Contains(name)))
        {
            fields.Refuse("metrics", $"The table has no metric \"{name}\", but: {string.Join(", ", known)}.");
        }
    }

    /// <summary>
    /// An address of a paper that is not known here is kept; anything else that names none is a mistake.
    /// </summary>
    /// <param name="fields">Where it was read.</param>
    /// <param name="found">Our ids by what names them.</param>
    public void RequireKnownPaper(Fields fields, IReadOnlyDictionary<string, string?> found)
    {
        if (Paper is { Length: > 0 } && found[Paper] is null && PaperName.Read(Paper).Url is null)
        {
            fields.Refuse("paper", $"Object with id={Paper} does not exist. Name it by its id, its arXiv id or its address.");
        }
    }
}
