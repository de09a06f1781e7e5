using System.Collections.Concurrent;
using System.Text;
using ProfileService.Platform;
using ProfileService.Windows.Codec;

namespace ProfileService.Dimensions;

/// <summary>
/// Shares one string for each kind and category name, and one array for each list of categories, among events that repeat them.
/// Thread-safe.
/// </summary>
internal sealed class InternedNames
{
    private const int MaxNames = 100_000; // a shop has fewer
    private const int MaxLists = 1 << 14;
    private const int MaxListBytes = 256;
    private const int StackChars = 256;

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly CategoryList?[] _lists = new CategoryList?[MaxLists]; // by the checksum of its bytes; a collision replaces

    private volatile bool _isFull;

    public string NameOf(ReadOnlySpan<byte> utf8)
    {
        // A text never has more characters than bytes.
        Span<char> buffer = utf8.Length <= StackChars ? stackalloc char[StackChars] : new char[utf8.Length];
        var name = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known))
            return known;
        var added = name.ToString();
        if (_isFull)
            return added;
        _isFull = _names.Count >= MaxNames; // asked no more then: it takes all locks
        return _names.GetOrAdd(added, added);
    }

    /// <summary>The categories of the event that was just read.</summary>
    public string[] CategoriesOf(in EventReader e)
    {
        ref var place = ref _lists[Crc32C.Of(e.Categories) % MaxLists];
        if (Volatile.Read(ref place) is { } known && e.Categories.SequenceEqual(known.Bytes))
            return known.Names;
        var added = Read(e);
        if (e.Categories.Length <= MaxListBytes) // longer ones are rare, and too much to keep
            Volatile.Write(ref place, new CategoryList(e.Categories.ToArray(), added));
        return added;
    }

    private string[] Read(in EventReader e)
    {
        var names = new string[e.CategoryCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = NameOf(e.CategoryAt(i));
        return names;
    }

    private sealed record CategoryList(byte[] Bytes, string[] Names);
}
