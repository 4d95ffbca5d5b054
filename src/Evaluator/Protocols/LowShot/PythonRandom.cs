namespace Leaderboard.Evaluator.Protocols.LowShot;

/// <summary>
/// CPython's <c>random</c> after <c>random.seed(seed)</c>, as far as <c>random.shuffle</c> needs it: the Mersenne Twister
/// MT19937 (Matsumoto and Nishimura, ACM TOMACS 8, 1998), seeded as <c>Modules/_randommodule.c</c> seeds it by an integer.
/// </summary>
internal sealed class PythonRandom
{
    private const int Words = 624;
    private const int Middle = 397;

    private readonly uint[] state = new uint[Words];
    private int used = Words;

    public PythonRandom(uint seed)
    {
        state[0] = 19650218;
        for (var i = 1; i < Words; i++)
        {
            state[i] = (1812433253 * (state[i - 1] ^ (state[i - 1] >> 30))) + (uint)i;
        }
        // init_by_array with a key of one word.
        var place = 1;
        for (var round = 0; round < Words; round++)
        {
            Mix(place, 1664525, seed);
            place = Next(place);
        }
        for (var round = 1; round < Words; round++)
        {
            Mix(place, 1566083941, 0u - (uint)place);
            place = Next(place);
        }
        state[0] = 0x80000000;
    }

    /// <summary><c>random.shuffle</c> of CPython 3.2 and later.</summary>
    public void Shuffle(Span<int> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)Below((uint)i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    // _randbelow_with_getrandbits: as many bits as the limit has, drawn again until they are below it.
    private uint Below(uint limit)
    {
        var unneeded = System.Numerics.BitOperations.LeadingZeroCount(limit);
        uint drawn;
        do
        {
            drawn = Draw() >> unneeded;
        }
        while (drawn >= limit);
        return drawn;
    }

    private uint Draw()
    {
        if (used == Words)
        {
            Refill();
        }
        var y = state[used++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    private void Refill()
    {
        for (var i = 0; i < Words; i++)
        {
            var y = (state[i] & 0x80000000) | (state[(i + 1) % Words] & 0x7FFFFFFF);
            state[i] = state[(i + Middle) % Words] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908B0DF);
        }
        used = 0;
    }

    private void Mix(int place, uint factor, uint addend) =>
        state[place] = (state[place] ^ ((state[place - 1] ^ (state[place - 1] >> 30)) * factor)) + addend;

    private int Next(int place)
    {
        if (place + 1 < Words)
        {
            return place + 1;
        }
        state[0] = state[Words - 1];
        return 1;
    }
}
