using Leaderboard.Evaluator.Checkpoints;
using Leaderboard.Evaluator.Models.Architectures;
using Leaderboard.Shared.Evaluations;

namespace Leaderboard.Evaluator.Models.Recognising;

/// <summary>A network that a file's tensors fill, and how that was found.</summary>
/// <param name="Architecture">Its name.</param>
/// <param name="How"><c>recognised</c>, <c>given</c> or <c>assumed</c>.</param>
/// <param name="Network">The network, not filled yet.</param>
/// <param name="Entries">Tensors of the file by the name of the network's tensor that they fill.</param>
internal sealed record RecognisedNetwork(
    string Architecture, string How, Network Network, IReadOnlyDictionary<string, StateEntry> Entries)
{
    /// <summary>Why a network without a classifier does not classify.</summary>
    public EvaluationFailedException WithoutClassifier() => new(
        FailureCodes.ClassCountMismatch,
        $"{Architecture} has no classifier in this file: it gives features alone. Send the network with a classifier that "
        + "is trained, or choose a benchmark that learns on features.");
}

/// <summary>
/// Finds the architecture of a file's tensors. The reference's own names and shapes settle it; otherwise layers are
/// matched by their sequence, and where equal tensors have several functions, the names must tell which.
/// </summary>
internal static class Recognition
{
    private const int MaxClassCounts = 8;

    // What the network is described with, for people, where nothing tells its classes.
    private const int UsualClassCount = 1000;

    // From this share of fitting tensors on, a file is a damaged one of the nearest architecture and no other's.
    private const double NearlyAll = 0.9;

    public static RecognisedNetwork Recognise(StateDict state, string? architecture)
    {
        var file = Fit.ByName(state);
        var counts = Candidates(architecture)
            .Where(candidate => architecture != null || candidate.IsPossible?.Invoke(state) != false)
            .Select(candidate => (Candidate: candidate, Classes: ClassCounts(candidate, state)))
            .ToList();
        // Describing every network takes most of the time; without a tensor for its classifier none is complete.
        var fits = counts.Where(pair => pair.Classes.Count > 0)
            .SelectMany(pair => Fits(pair.Candidate, pair.Classes, state, file))
            .ToList();
        var complete = fits.FindAll(fit => fit.IsComplete);
        if (complete.Count > 1)
        {
            throw SeveralFit(complete.Select(fit => fit.Architecture));
        }
        if (complete is [var exact])
        {
            var how = architecture == null ? "recognised" : "given";
            return new RecognisedNetwork(exact.Architecture.Name, how, exact.Network, exact.Entries);
        }
        fits.AddRange(counts.Where(pair => pair.Classes.Count == 0)
            .SelectMany(pair => Fits(pair.Candidate, [UsualClassCount], state, file)));
        return MatchSequence(fits, state, architecture)
            ?? FindEncoder(fits, architecture, file)
            ?? throw NoneFits(fits, state, architecture);
    }

    // What training without labels leaves: the network up to its features.
    private static RecognisedNetwork? FindEncoder(
        List<Fit> fits, string? architecture, IReadOnlyDictionary<string, StateEntry> file)
    {
        var encoders = fits.Where(fit => fit.Network.Logits is not null)
            .Select(fit => new Fit(fit.Architecture, fit.Network.WithoutClassifier(), file))
            .Where(fit => fit.IsComplete)
            .DistinctBy(fit => fit.Architecture.Described)
            .ToList();
        return encoders switch
        {
            [] => null,
            [var only] => new RecognisedNetwork(
                only.Architecture.Name, architecture == null ? "recognised" : "given", only.Network, only.Entries),
            _ => throw SeveralFit(encoders.Select(fit => fit.Architecture)),
        };
    }

    private static List<Architecture> Candidates(string? architecture)
    {
        var candidates = ModelRegistry.Architectures
            .Where(candidate => architecture == null || candidate.Name == architecture)
            .ToList();
        var known = string.Join(", ", ModelRegistry.Architectures.Select(candidate => candidate.Name).Distinct());
        return candidates.Count > 0
            ? candidates
            : throw new EvaluationFailedException(
                FailureCodes.ArchitectureUnknown,
                $"There is no architecture {Refused.Quote(architecture!)}. Known are {known}.");
    }

    private static IEnumerable<Fit> Fits(
        Architecture candidate, List<int> classCounts, StateDict state, IReadOnlyDictionary<string, StateEntry> file)
    {
        var create = candidate.For(state);
        return classCounts.Select(classes => new Fit(candidate, create(classes), file));
    }

    // Whatever could be the classifier's weight has a row for each class.
    private static List<int> ClassCounts(Architecture architecture, StateDict state)
    {
        if (architecture.HeadShape == null)
        {
            return [0];
        }
        return
        [
            .. state.Network
                .Select(entry => entry.Tensor.Shape)
                .Where(shape => shape.Skip(1).SequenceEqual(architecture.HeadShape) && shape[0] is > 0 and <= int.MaxValue)
                .Select(shape => (int)shape[0])
                .Distinct()
                .TakeLast(MaxClassCounts),
        ];
    }

    private static RecognisedNetwork? MatchSequence(List<Fit> fits, StateDict state, string? architecture)
    {
        if (FileLayer.All(state) is not { } layers)
        {
            return null;
        }
        var matches = fits
            .Select(fit => (Fit: fit, Found: SequenceMatch.Find(fit.Network, layers, state.IsInDefinitionOrder)))
            .Where(match => match.Found != null)
            .DistinctBy(match => match.Fit.Architecture.Described)
            .ToList();
        var settled = architecture != null
            ? matches
            : matches.FindAll(match => match.Fit.Architecture.Convention is not { } convention
                || match.Found!.BlockConvolutions.TrueForAll(
                    name => convention.IsMatch(name) || BlockMatch.IsShortcut(name)));
        if (settled is [var (fit, found)])
        {
            var how = architecture == null ? "assumed" : "given";
            return new RecognisedNetwork(fit.Architecture.Name, how, fit.Network, found!.Entries);
        }
        return matches.Count == 0
            ? null
            : throw SeveralFit(matches.Select(match => match.Fit.Architecture));
    }

    private static EvaluationFailedException SeveralFit(IEnumerable<Architecture> architectures) => Refused.Ambiguous(
        "These tensors fit more than one function, and their names do not tell which: "
        + $"{string.Join(", ", architectures.Select(architecture => architecture.Described).Distinct())}. "
        + "If one of them is yours, name it as architecture; otherwise send TorchScript.");

    private static EvaluationFailedException NoneFits(List<Fit> fits, StateDict state, string? architecture)
    {
        var nearest = fits.MaxBy(fit => fit.Share)!;
        if (architecture != null || nearest.Share >= NearlyAll)
        {
            return Refused.Mismatch(
                $"The tensors do not fit {nearest.Architecture.Name}, the nearest: {nearest.Differences}."
                + Headless(nearest.Architecture, state));
        }
        var what = nearest.Entries.Count == 0
            ? "none has a tensor of these names and shapes"
            : $"the nearest is {nearest.Architecture.Name}, of which {nearest.Entries.Count} tensors fit; "
                + nearest.Differences;
        var names = string.Join(", ", state.Network.Take(4).Select(entry => Refused.Quote(entry.FileName)));
        return new EvaluationFailedException(
            FailureCodes.ArchitectureUnknown,
            $"No known architecture has these {state.Network.Count} tensors ({names}, …): {what}.");
    }

    // An encoder alone, as training without labels leaves it: nothing in the file has a row for each class.
    private static string Headless(Architecture architecture, StateDict state) =>
        architecture.HeadShape is { } head && !state.Network.Any(entry => entry.Tensor.Shape.Skip(1).SequenceEqual(head))
            ? " The file has no classifier; send the network with one that is trained."
            : "";
}
