using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace ProfileService.Lookup;

/// <summary>A set of rows as a bitmap. Not thread-safe.</summary>
internal sealed class RowSet(int rows) : IDisposable
{
    /// <summary>Rows of a word.</summary>
    public const int WordBits = 64;

    private readonly ulong[] _words = Rent((rows + WordBits - 1) / WordBits);
    private readonly int _count = (rows + WordBits - 1) / WordBits;

    /// <summary>A bit for each row, the least significant one first.</summary>
    public ReadOnlySpan<ulong> Words => _words.AsSpan(0, _count);

    public bool Contains(int row) => (_words[row / WordBits] & Bit(row)) != 0;

    public void Add(int row) => _words[row / WordBits] |= Bit(row);

    public void Remove(int row) => _words[row / WordBits] &= ~Bit(row);

    /// <summary>A set of these words, one bit for each row.</summary>
    public static RowSet Of(int rows, ReadOnlySpan<ulong> words)
    {
        var set = new RowSet(rows);
        words.CopyTo(set._words);
        return set;
    }

    /// <summary>Removes a row from the words of a set, which others may be reading.</summary>
    public static void Remove(ulong[] words, int row) => Volatile.Write(ref words[row / WordBits], words[row / WordBits] & ~Bit(row));

    public ulong[] ToWords() => _words[.._count];

    /// <summary>Keeps only rows that the other set has too.</summary>
    public void Keep(RowSet other)
    {
        for (var word = 0; word < _count; word++)
            _words[word] &= other._words[word];
    }

    /// <summary>Keeps only rows whose value is within bounds, both included; NaN is within none.</summary>
    /// <param name="values">[rows]</param>
    public void KeepBetween(ReadOnlySpan<double> values, double least, double most)
    {
        for (var word = 0; word < _count; word++)
        {
            var own = values[(word * WordBits)..Math.Min(values.Length, (word + 1) * WordBits)];
            _words[word] &= Between(own, least, most);
        }
    }

    /// <summary>The first row of the set from <paramref name="row"/> on; -1 if there is none.</summary>
    public int Next(int row)
    {
        for (var word = row / WordBits; word < _count; word++, row = word * WordBits)
        {
            var bits = _words[word] & (ulong.MaxValue << (row % WordBits));
            if (bits != 0)
                return (word * WordBits) + BitOperations.TrailingZeroCount(bits);
        }

        return -1;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_words);

    /// <returns>A bit for each value.</returns>
    private static ulong Between(ReadOnlySpan<double> values, double least, double most)
    {
        var (kept, i) = (0UL, 0);
        for (; i + Vector256<double>.Count <= values.Length; i += Vector256<double>.Count)
        {
            var some = Vector256.Create(values[i..]);
            var within = Vector256.GreaterThanOrEqual(some, Vector256.Create(least))
                & Vector256.LessThanOrEqual(some, Vector256.Create(most));
            kept |= (ulong)within.ExtractMostSignificantBits() << i;
        }

        for (; i < values.Length; i++)
            kept |= (values[i] >= least && values[i] <= most ? 1UL : 0UL) << i;
        return kept;
    }

    private static ulong Bit(int row) => 1UL << (row % WordBits);

    private static ulong[] Rent(int words)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(words);
        rented.AsSpan(0, words).Clear();
        return rented;
    }
}
