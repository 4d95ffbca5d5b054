using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Results;

/// <summary>What a reported figure must be.</summary>
internal static class ResultRules
{
    private const int MaxReason = 1000;

    /// <summary>Checks all that needs no benchmark.</summary>
    public static void Check(ResultRequest request, DateOnly today, Errors errors)
    {
        CheckFields(
            new CorrectionRequest(
                "", request.Value, request.SourceUrl, request.ModelName, request.Paper, request.CodeUrl, request.Note,
                request.UsesAdditionalData, request.Date, request.Parameters, request.ProtocolDeviation),
            today, errors);
        errors.RequireText(request.Metric, "metric", maxLength: 100);
    }

    public static void Validate(CorrectionRequest request, DateOnly today)
    {
        var errors = new Errors();
        errors.RequireText(request.Reason, "reason", MaxReason);
        CheckFields(request, today, errors);
        errors.Require(
            request != new CorrectionRequest(request.Reason),
            "value", "or another field must be given: nothing is corrected");
        errors.ThrowIfAny();
    }

    public static void ValidateReason(string reason)
    {
        var errors = new Errors();
        errors.RequireText(reason, "reason", MaxReason);
        errors.ThrowIfAny();
    }

    private static void CheckFields(CorrectionRequest request, DateOnly today, Errors errors)
    {
        errors.Require(request.Value is null or (>= 0 and <= 1), "value", "must be a fraction in [0, 1]");
        errors.Require(request.Parameters is null or >= 1, "parameters", "must be positive");
        // Somewhere it is tomorrow already.
        errors.Require(
            request.Date is null || (request.Date.Value.Year >= 1950 && request.Date <= today.AddDays(1)),
            "date", "must be from 1950 to today");
        CheckText(request.ModelName, "model_name", 200);
        CheckText(request.Paper, "paper", 200);
        CheckText(request.Note, "note", 1000);
        CheckText(request.ProtocolDeviation, "protocol_deviation", 50);
        if (request.SourceUrl is { } source)
        {
            errors.RequireUrl(source, "source_url");
        }
        if (request.CodeUrl is { } code)
        {
            errors.RequireUrl(code, "code_url");
        }

        void CheckText(string? text, string field, int maxLength)
        {
            if (text is not null)
            {
                errors.RequireText(text, field, maxLength);
            }
        }
    }
}
