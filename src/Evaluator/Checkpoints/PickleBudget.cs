namespace Leaderboard.Evaluator.Checkpoints;

/// <summary>
/// Bounds what a pickle can have done by naming the same data again, two bytes a time: without it, a few bytes could
/// have one long list copied, or one long text hashed, over and over.
/// </summary>
/// <param name="length">Length of the pickle in bytes.</param>
internal sealed class PickleBudget(long length)
{
    // A recalled key and its value take three bytes at least: more characters of keys a byte no writer has.
    private const int MaxKeyCharactersPerByte = 16;

    private long calledOn;
    private long keyCharacters;

    /// <summary>Counts what a call copies, all that it is given, before it does.</summary>
    /// <exception cref="EvaluationFailedException">It is more than the pickle has written.</exception>
    public void SpendOnCall(object?[] args)
    {
        calledOn += args.Sum(arg => arg switch
        {
            string text => text.Length,
            IReadOnlyList<object?> list => list.Count,
            NumpyArray array => array.Rank,
            _ => 1L,
        });
        if (calledOn > length)
        {
            throw OverAndOver("calls on the same data");
        }
        // Pairs become the items of a dict.
        foreach (var pair in args.OfType<List<object?>>().SelectMany(list => list).OfType<IReadOnlyList<object?>>())
        {
            SpendOnKey(pair.Count > 0 ? pair[0] : null);
        }
    }

    /// <summary>Counts a key before something is kept under it, which has all of a text hashed.</summary>
    /// <exception cref="EvaluationFailedException">The keys are far longer than the pickle.</exception>
    public void SpendOnKey(object? key)
    {
        keyCharacters += (key as string)?.Length ?? 0;
        if (keyCharacters > length * MaxKeyCharactersPerByte)
        {
            throw OverAndOver("names things by the same long text");
        }
    }

    private static EvaluationFailedException OverAndOver(string what) =>
        Refused.Unrecognised($"The pickle is damaged: it {what} over and over.");
}
