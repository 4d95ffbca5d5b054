using System.Globalization;
using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Evaluations.Events;

/// <summary>
/// How far a reader is, which is the id of the last event that it got: <c>2</c> after the second state, <c>2-640</c> after
/// 640 samples in it, <c>3-end</c> after the end. Any process can go on from it.
/// </summary>
/// <param name="Ordinal">The last state told, from 1; 0 before the first.</param>
/// <param name="Done">The samples told in that state; null where none were.</param>
/// <param name="IsEnd">Whether the end was told.</param>
internal readonly record struct EventPosition(int Ordinal, int? Done = null, bool IsEnd = false)
{
    public const string HeaderName = "Last-Event-ID";

    private const string End = "end";

    /// <summary>
    /// The positions in the request's <c>Last-Event-ID</c>, one for each evaluation that is followed, in their order; none
    /// where nothing was told.
    /// </summary>
    public static List<EventPosition> Of(HttpRequest request)
    {
        var text = request.Headers[HeaderName].ToString();
        return text.Length == 0 ? [] : [.. text.Split(',').Select(Parse)];
    }

    /// <summary>The id of an event after which a reader is at these positions.</summary>
    public static string Id(IEnumerable<EventPosition> positions) => string.Join(',', positions);

    private static EventPosition Parse(string text)
    {
        if (text == "0")
        {
            return default;
        }
        var parts = text.Split('-', 2);
        if (TryRead(parts[0], out var ordinal) && ordinal > 0)
        {
            switch (parts.ElementAtOrDefault(1))
            {
                case null:
                    return new EventPosition(ordinal);
                case End:
                    return new EventPosition(ordinal, IsEnd: true);
                case var samples when TryRead(samples, out var done):
                    return new EventPosition(ordinal, done);
            }
        }
        throw Refusal();
    }

    public static RefusedException Refusal() =>
        Problems.RequestMalformed.Because($"{HeaderName} is the id of an event of this stream, unchanged.");

    private static bool TryRead(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public override string ToString() => this switch
    {
        { IsEnd: true } => string.Create(CultureInfo.InvariantCulture, $"{Ordinal}-{End}"),
        { Done: { } done } => string.Create(CultureInfo.InvariantCulture, $"{Ordinal}-{done}"),
        _ => Ordinal.ToString(CultureInfo.InvariantCulture),
    };
}
