using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// The items that a user ever met, as a Bloom filter: it says of no item that was met that it was not, and of few others that they were
/// (<see cref="FalsePositives"/>). It depends on the set of items alone, and nobody can list them. Its bytes have no checksum: a bit that
/// was altered hides an item, or lets one through.
/// </summary>
internal sealed class SeenItems
{
    /// <summary>With what Redis adds to a string, this takes 1 KiB.</summary>
    public const int Bytes = 1_016;

    private const int Bits = 8 * Bytes;
    private const int BitsPerItem = 4; // more would be better for users of few items, worse for those of many, and cost appends more

    private readonly byte[] _filter; // the first bit of a byte is its highest one, as Redis counts

    private SeenItems(byte[] filter) => _filter = filter;

    public ReadOnlyMemory<byte> Filter => _filter;

    /// <summary>The probability that an item that was not met is taken for one that was.</summary>
    public double FalsePositives => Math.Pow(CountBits() / (double)Bits, BitsPerItem);

    /// <summary>About how many different items were met.</summary>
    public int EstimatedItems =>
        (int)Math.Round(-Bits / (double)BitsPerItem * Math.Log(1 - (Math.Min(CountBits(), Bits - 1) / (double)Bits)));

    public static SeenItems Of(IEnumerable<string> items)
    {
        var seen = new SeenItems(new byte[Bytes]);
        foreach (var item in items)
            seen.Add(item);
        return seen;
    }

    /// <summary>The filter as it was stored; null if there is none, or if it has another length.</summary>
    public static SeenItems? From(byte[]? filter) => filter is { Length: Bytes } ? new SeenItems(filter) : null;

    public static bool AreSame(SeenItems? one, SeenItems? other) =>
        one is null ? other is null : other is not null && one._filter.AsSpan().SequenceEqual(other._filter);

    /// <summary>What <see cref="Contains"/> is asked by.</summary>
    public static ulong HashOf(string itemId) => StableHash.Of(itemId);

    /// <summary>The bits of items for a script, four of each item, 2 little-endian bytes each.</summary>
    public static byte[] PositionsOf(IReadOnlyCollection<string> items)
    {
        var (positions, next) = (new byte[sizeof(ushort) * BitsPerItem * items.Count], 0);
        foreach (var hash in items.Select(HashOf))
        {
            for (var i = 0; i < BitsPerItem; i++, next += sizeof(ushort))
                BinaryPrimitives.WriteUInt16LittleEndian(positions.AsSpan(next), (ushort)BitOf(hash, i));
        }

        return positions;
    }

    public void Add(string itemId)
    {
        var hash = HashOf(itemId);
        for (var i = 0; i < BitsPerItem; i++)
            Set(BitOf(hash, i));
    }

    /// <summary>Adds whatever is in the other.</summary>
    public void Add(SeenItems other)
    {
        for (var i = 0; i < Bytes; i++)
            _filter[i] |= other._filter[i];
    }

    public bool Contains(ulong hash)
    {
        for (var i = 0; i < BitsPerItem; i++)
        {
            var bit = BitOf(hash, i);
            if ((_filter[bit >> 3] & MaskOf(bit)) == 0)
                return false;
        }

        return true;
    }

    /// <summary>The bits that are set, as of <see cref="PositionsOf"/>; some of them twice, so that they come in fours.</summary>
    public byte[] ToPositions()
    {
        int[] set = [.. Enumerable.Range(0, Bits).Where(bit => (_filter[bit >> 3] & MaskOf(bit)) != 0)];
        var positions = new byte[sizeof(ushort) * BitsPerItem * ((set.Length + BitsPerItem - 1) / BitsPerItem)];
        for (var i = 0; i < positions.Length / sizeof(ushort); i++)
            BinaryPrimitives.WriteUInt16LittleEndian(positions.AsSpan(i * sizeof(ushort)), (ushort)set[Math.Min(i, set.Length - 1)]);
        return positions;
    }

    private void Set(int bit) => _filter[bit >> 3] |= (byte)MaskOf(bit);

    private int CountBits()
    {
        var bits = 0;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(_filter))
            bits += BitOperations.PopCount(word);
        return bits;
    }

    // Two hashes stand for four: Kirsch and Mitzenmacher, Less hashing, same performance (2008).
    private static int BitOf(ulong hash, int number) => (int)(((uint)hash + ((ulong)number * ((uint)(hash >> 32) | 1))) % Bits);

    private static int MaskOf(int bit) => 0x80 >> (bit & 7);
}
