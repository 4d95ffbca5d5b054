namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>Finds the weights in the dicts that training scripts wrap them in.</summary>
internal static class Wrappers
{
    private const int MaxDepth = 8;

    private static readonly HashSet<string> Plain =
    [
        "state_dict", "model_state_dict", "model_state", "model", "model_weights", "net", "net_state_dict", "network",
        "network_state_dict", "weights", "params", "module", "student",
    ];

    private static readonly HashSet<string> Averaged =
    [
        "ema", "ema_model", "ema_state_dict", "ema_model_state_dict", "model_ema", "model_ema_state_dict",
        "model_state_dict_ema", "state_dict_ema", "net_ema", "params_ema", "averaged_model", "swa_model",
        "swa_state_dict", "teacher", // facebookresearch/dino, main_dino.py: the teacher is the student's moving average
    ];

    private static readonly HashSet<string> NoWeights =
    [
        "optimizer", "optimizer_state_dict", "optim", "optimiser", "scheduler", "lr_scheduler", "scaler", "amp",
    ];

    private static readonly string[] WeightSuffixes = [".weight", ".bias", ".running_mean", ".running_var"];

    /// <summary>The innermost dict of tensors; what is beside it goes to <paramref name="skipped"/>.</summary>
    public static PickleDict Unwrap(PickleDict saved, string? weights, List<string> skipped)
    {
        var chosenAveraged = false;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var inner = Choose(saved, weights, ref chosenAveraged);
            if (inner == null)
            {
                break;
            }
            RefuseLooseWeights(saved, inner);
            skipped.AddRange(saved.Named.Where(item => item.Name != inner).Select(item => item.Name));
            saved = (PickleDict)saved.Named.Single(item => item.Name == inner).Value!;
        }
        if (weights == "ema" && !chosenAveraged && !saved.Named.Any(item => Prefixes.IsAveraged(item.Name)))
        {
            throw Refused.Mismatch("weights is ema, but the file holds no averaged weights.");
        }
        return saved;
    }

    private static string? Choose(PickleDict saved, string? weights, ref bool chosenAveraged)
    {
        var dicts = saved.Named.Where(item => item.Value is PickleDict { Items.Count: > 0 }).ToList();
        var averaged = dicts.Where(item => Averaged.Contains(item.Name)).Select(item => item.Name).ToList();
        var plain = dicts.Where(item => Plain.Contains(item.Name)).Select(item => item.Name).ToList();
        if (plain.Count > 0 && averaged.Count > 0 && weights == null)
        {
            throw Refused.Ambiguous(
                $"The file holds plain weights ({plain[0]}) and averaged ones ({averaged[0]}): "
                + "say which with weights, model or ema.");
        }
        if (plain.Count == 0 && averaged.Count > 0 && weights == "model")
        {
            throw Refused.Mismatch($"weights is model, but the file holds averaged weights alone ({averaged[0]}).");
        }
        var useAveraged = averaged.Count > 0 && (weights == "ema" || plain.Count == 0);
        chosenAveraged |= useAveraged;
        var candidates = useAveraged ? averaged : plain;
        if (candidates.Count == 0 && !saved.Named.Any(item => item.Value is StoredTensor))
        {
            candidates = [.. dicts.Where(item => IsWeights(item.Name, item.Value)).Select(item => item.Name)];
        }
        return candidates.Count < 2
            ? candidates.SingleOrDefault()
            : throw Refused.Ambiguous(
                "The file holds several sets of weights; send one of them: "
                + $"{string.Join(", ", candidates.Take(8).Select(Refused.Quote))}.");
    }

    private static bool IsWeights(string name, object? value) =>
        !NoWeights.Contains(name) && value is PickleDict dict && dict.Named.Any(item => item.Value is StoredTensor);

    // Tensors beside a wrapper are numbers of the training, unless they look like layers: then leaving them aside could
    // leave out a part of the network.
    private static void RefuseLooseWeights(PickleDict saved, string inner)
    {
        var loose = saved.Named
            .Where(item => item.Value is StoredTensor && WeightSuffixes.Any(suffix => HasSuffix(item.Name, suffix)))
            .Select(item => Refused.Quote(item.Name))
            .ToList();
        if (loose.Count > 0)
        {
            throw Refused.Ambiguous(
                $"The file holds weights in {Refused.Quote(inner)} and others beside it: "
                + $"{string.Join(", ", loose.Take(8))}. Send one flat state dict.");
        }
    }

    private static bool HasSuffix(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
}
