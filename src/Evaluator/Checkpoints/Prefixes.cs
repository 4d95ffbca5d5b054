namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>Removes what wrappers put before the names of a network's tensors.</summary>
internal static class Prefixes
{
    private const int MaxDepth = 8;

    private static readonly string[] Known =
    [
        "module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "encoder.", "base_model.", "base_encoder.",
        "resnet.", "cnn.",
    ];

    // torchvision's Vision Transformer has an encoder that is no wrapper: models/vision_transformer.py, `Encoder`.
    private const string OwnEncoder = "encoder.layers.encoder_layer_";

    private static readonly string[] Averaged = ["ema.", "ema_model.", "model_ema.", "module_ema."];

    // MoCo's and MoPro's other half: salesforce/MoPro, model.py (`encoder_k`, `queue`, `queue_ptr`, `prototypes`).
    private static readonly string[] Contrastive = ["encoder_k.", "queue", "prototypes"];

    // What methods without labels train behind the encoder, or beside it, and throw away. Where a file has both the body
    // and the marker, the rest is skipped. Moving averages and projections of one method each, by its own code:
    private static readonly (string Body, string Marker, string[] Skipped)[] SelfSupervised =
    [
        ("", "projection_head.", ["projection_head.", "prototypes."]), // facebookresearch/swav, src/resnet50.py
        ("backbone.", "head.last_layer.", ["head.mlp.", "head.last_layer."]), // facebookresearch/dino, DINOHead
        ("backbone.", "projector.", ["projector.", "bn."]), // facebookresearch/barlowtwins, main.py
        ("base_encoder.", "momentum_encoder.", ["momentum_encoder.", "predictor."]), // facebookresearch/moco-v3, builder.py
    ];

    // The text tower of CLIP, beside the image tower `visual.`: openai/CLIP, clip/model.py, `CLIP` and `build_model`.
    private static readonly string[] ClipText =
    [
        "transformer.", "token_embedding.", "ln_final.", "positional_embedding", "text_projection", "logit_scale",
        "input_resolution", "context_length", "vocab_size",
    ];

    public static bool IsAveraged(string name) =>
        Averaged.Any(prefix => Has(name, prefix) || name.Contains("." + prefix));

    /// <summary>The same tensors by their names in the network; others go to <paramref name="skipped"/>.</summary>
    public static IReadOnlyList<StateEntry> Strip(
        IReadOnlyList<StateEntry> tensors, string? weights, List<string> skipped)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var next = StripOnce(tensors, weights, skipped);
            if (ReferenceEquals(next, tensors))
            {
                break;
            }
            tensors = next;
        }
        return tensors;
    }

    private static IReadOnlyList<StateEntry> StripOnce(
        IReadOnlyList<StateEntry> tensors, string? weights, List<string> skipped)
    {
        var names = tensors.Where(tensor => tensor.Name != null).Select(tensor => tensor.Name!).ToList();
        if (names.Contains("n_averaged"))
        {
            // torch.optim.swa_utils.AveragedModel counts its updates here.
            return Skip(tensors, name => name == "n_averaged", skipped);
        }
        if (Any(names, "encoder_q."))
        {
            return StripContrastive(tensors, skipped);
        }
        if (Array.Find(SelfSupervised, method => Any(names, method.Body) && Any(names, method.Marker)) is { Skipped: { } heads })
        {
            return Skip(tensors, name => heads.Any(prefix => Has(name, prefix)), skipped);
        }
        if (names.Contains("token_embedding.weight") && names.Any(name => Has(name, "visual.")))
        {
            return Skip(tensors, name => ClipText.Any(prefix => Has(name, prefix)), skipped);
        }
        if (Averaged.FirstOrDefault(prefix => names.Any(name => Has(name, prefix))) is { } averaged)
        {
            return ChooseAverage(tensors, averaged, weights, skipped);
        }
        var prefix = SharedPrefix(names) ?? Known.FirstOrDefault(known => IsStrippable(names, known));
        return prefix == null ? tensors : Rename(tensors, name => Has(name, prefix) ? name[prefix.Length..] : name);
    }

    private static string? SharedPrefix(List<string> names)
    {
        var end = names.Count == 0 ? -1 : names[0].IndexOf('.');
        var prefix = end < 0 ? null : names[0][..(end + 1)];
        // One layer alone shares its own name; a wrapper has layers beneath it.
        return prefix != null && names.All(name => Has(name, prefix) && name.IndexOf('.', prefix.Length) > 0)
            ? prefix
            : null;
    }

    private static bool IsStrippable(List<string> names, string prefix)
    {
        var kept = names.Where(name => !Has(name, prefix)).ToHashSet();
        var inner = names.Where(name => Has(name, prefix)).Select(name => name[prefix.Length..]).ToList();
        return inner.Count > 0 && !names.Any(name => Has(name, OwnEncoder)) && !inner.Any(name => name == "" || kept.Contains(name));
    }

    // The encoder's own head is the classifier where there is one (MoPro); fc1 and fc2, or MoCo's fc, are the
    // projection that contrastive learning throws away.
    private static List<StateEntry> StripContrastive(IReadOnlyList<StateEntry> tensors, List<string> skipped)
    {
        const string Encoder = "encoder_q.";
        var hasClassifier = tensors.Any(tensor => tensor.Name == Encoder + "classifier.weight");
        var projections = hasClassifier
            ? new[] { Encoder + "fc1.", Encoder + "fc2." }
            : [Encoder + "fc."];
        var rest = Skip(
            tensors,
            name => Contrastive.Any(prefix => Has(name, prefix)) || projections.Any(prefix => Has(name, prefix)),
            skipped);
        return Rename(rest, name =>
        {
            var inner = Has(name, Encoder) ? name[Encoder.Length..] : name;
            return Has(inner, "classifier.") ? "fc." + inner["classifier.".Length..] : inner;
        });
    }

    private static List<StateEntry> ChooseAverage(
        IReadOnlyList<StateEntry> tensors, string averaged, string? weights, List<string> skipped)
    {
        var plain = tensors.FirstOrDefault(tensor => tensor.Name != null && !Has(tensor.Name, averaged));
        if (weights == null && plain != null)
        {
            throw Refused.Ambiguous(
                $"The file holds plain weights ({Refused.Quote(plain.FileName)}, for one) and averaged ones "
                + $"('{averaged}*'): say which with weights, model or ema.");
        }
        if (weights == "model" && plain == null)
        {
            throw Refused.Mismatch($"weights is model, but the file holds averaged weights alone ('{averaged}*').");
        }
        return weights == "model"
            ? Skip(tensors, name => Has(name, averaged), skipped)
            : Rename(
                Skip(tensors, name => !Has(name, averaged), skipped),
                name => name[averaged.Length..]);
    }

    private static List<StateEntry> Skip(
        IReadOnlyList<StateEntry> tensors, Func<string, bool> isSkipped, List<string> skipped)
    {
        var kept = new List<StateEntry>();
        foreach (var tensor in tensors)
        {
            var skip = tensor.Name != null && isSkipped(tensor.Name);
            if (skip)
            {
                skipped.Add(tensor.FileName);
            }
            kept.Add(skip ? tensor with { Name = null } : tensor);
        }
        return kept;
    }

    private static List<StateEntry> Rename(IReadOnlyList<StateEntry> tensors, Func<string, string> rename) =>
        [.. tensors.Select(tensor => tensor.Name == null ? tensor : tensor with { Name = rename(tensor.Name) })];

    private static bool Any(List<string> names, string prefix) => names.Any(name => Has(name, prefix));

    private static bool Has(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal);
}
