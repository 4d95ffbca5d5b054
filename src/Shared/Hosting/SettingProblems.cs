using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Leaderboard.Shared.Hosting;

/// <summary>Says what an operator has to set otherwise, where a program cannot start with what is set.</summary>
public static partial class SettingProblems
{
    /// <summary>One line a problem, each with the variable's name; null where something else has failed.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SettingException => exception.Message,
        OptionsValidationException invalid => string.Join('\n', invalid.Failures.Select(failure => Explain(invalid.OptionsType, failure))),
        InvalidOperationException when Unconvertible().Match(exception.Message) is { Success: true } value =>
            $"{value.Groups["path"].Value.Replace(":", "__", StringComparison.Ordinal)} must be "
            + $"{Kind(value.Groups["type"].Value)}, not '{value.Groups["value"].Value}'.",
        InvalidOperationException when UnknownLevel().Match(exception.Message) is { Success: true } level =>
            "Each Logging__LogLevel__… must be Trace, Debug, Information, Warning, Error, Critical or None, not "
            + $"'{level.Groups[1].Value}'.",
        IOException when exception.Message.StartsWith("Failed to bind to address", StringComparison.Ordinal) =>
            $"{exception.Message} Set another with --urls or ASPNETCORE_URLS.",
        FormatException when exception.Message.StartsWith("Invalid url", StringComparison.Ordinal) =>
            $"{exception.Message} It is set by --urls or ASPNETCORE_URLS.",
        AggregateException several when several.InnerExceptions.Select(Explain).ToList() is var all && !all.Contains(null) =>
            string.Join('\n', all),
        _ => null,
    };

    // What data annotations say, by the name of the variable: options name their section in a constant.
    private static string Explain(Type options, string failure)
    {
        var section = options.GetField("Section")?.GetRawConstantValue() as string ?? options.Name;
        var told = Annotation().Match(failure);
        if (!told.Success)
        {
            return failure;
        }
        var member = told.Groups["member"].Value;
        var error = told.Groups["error"].Value;
        var variable = $"{section.Replace(":", "__", StringComparison.Ordinal)}__{member}";
        return error.Contains(variable, StringComparison.Ordinal) ? error
            : error.StartsWith($"The field {member} ", StringComparison.Ordinal) ? variable + error[$"The field {member}".Length..]
            : $"{variable}: {error}";
    }

    private static string Kind(string type) => type switch
    {
        "System.Int16" or "System.Int32" or "System.Int64" => "a whole number",
        "System.Single" or "System.Double" or "System.Decimal" => "a number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a time as hh:mm:ss",
        "System.Uri" => "an address",
        _ => $"of type {type}",
    };

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>[^']*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Unconvertible();

    [GeneratedRegex("^DataAnnotation validation failed for '.*' members: '(?<member>[^']*)' with the error: '(?<error>.*)'\\.$", RegexOptions.Singleline)]
    private static partial Regex Annotation();

    [GeneratedRegex("^Configuration value '(.*)' is not supported", RegexOptions.Singleline)]
    private static partial Regex UnknownLevel();
}
