using System.Buffers;
using System.Numerics;

namespace ProfileService.Lookup;

/// <summary>A set of rows as a bitmap. Not thread-safe.</summary>
internal sealed class RowSet(int rows) : IDisposable
{
    private const int WordBits = 64;
    private const int FewBits = 8; // up to which it is faster to offer them one by one

    private readonly ulong[] _words = Rent((rows + WordBits - 1) / WordBits);
    private readonly int _count = (rows + WordBits - 1) / WordBits;

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
            var (first, kept) = (word * WordBits, 0UL);
            var own = values[first..Math.Min(values.Length, first + WordBits)];
            for (var bit = 0; bit < own.Length; bit++) // without a branch: prices are in no order
                kept |= ((own[bit] >= least) & (own[bit] <= most) ? 1UL : 0UL) << bit;
            _words[word] &= kept;
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

    /// <summary>Offers the scores of the set's rows, many at a time; NaN in the place of those of other rows.</summary>
    /// <param name="scores">[rows]</param>
    /// <param name="offer">Gets the row of the first score and the scores.</param>
    public void Offer(ReadOnlySpan<float> scores, Action<int, ReadOnlySpan<float>> offer)
    {
        Span<float> masked = stackalloc float[WordBits];
        for (var word = 0; word < _count; word++)
        {
            var first = word * WordBits;
            var own = scores[first..Math.Min(scores.Length, first + WordBits)];
            if (_words[word] == ulong.MaxValue)
                offer(first, own);
            else if (BitOperations.PopCount(_words[word]) > FewBits)
                OfferMasked(_words[word], first, own, masked, offer);
            else
                OfferBits(_words[word], first, scores, offer);
        }
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_words);

    private static void OfferMasked(ulong bits, int first, ReadOnlySpan<float> scores, Span<float> masked, Action<int, ReadOnlySpan<float>> offer)
    {
        for (var bit = 0; bit < scores.Length; bit++)
            masked[bit] = ((bits >> bit) & 1) != 0 ? scores[bit] : float.NaN; // which is never kept
        offer(first, masked[..scores.Length]);
    }

    private static void OfferBits(ulong bits, int first, ReadOnlySpan<float> scores, Action<int, ReadOnlySpan<float>> offer)
    {
        for (; bits != 0; bits &= bits - 1)
        {
            var row = first + BitOperations.TrailingZeroCount(bits);
            offer(row, scores.Slice(row, 1));
        }
    }

    private static ulong Bit(int row) => 1UL << (row % WordBits);

    private static ulong[] Rent(int words)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(words);
        rented.AsSpan(0, words).Clear();
        return rented;
    }
}
