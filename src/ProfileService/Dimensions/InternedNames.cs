using System.Collections.Concurrent;
using System.Text;
using ProfileService.Windows.Codec;
using ListsByBytes = System.Collections.Concurrent.ConcurrentDictionary<string, string[]>.AlternateLookup<System.ReadOnlySpan<char>>;

namespace ProfileService.Dimensions;

/// <summary>Names of kinds and lists of categories as they are in windows; one that repeats is one object. Safe for many threads.</summary>
internal sealed class InternedNames
{
    private const int MaxKept = 100_000; // of each; a shop has fewer
    private const int StackChars = 256;

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string[]> _lists = new(StringComparer.Ordinal); // by their bytes, one a character
    private readonly ListsByBytes _listsByBytes;

    public InternedNames() => _listsByBytes = _lists.GetAlternateLookup<ReadOnlySpan<char>>();

    public string NameOf(ReadOnlySpan<byte> utf8)
    {
        // A text never has more characters than bytes.
        Span<char> buffer = utf8.Length <= StackChars ? stackalloc char[StackChars] : new char[utf8.Length];
        var name = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known))
            return known;
        var added = name.ToString();
        return _names.Count < MaxKept ? _names.GetOrAdd(added, added) : added;
    }

    /// <summary>The categories of the event that was just read.</summary>
    public string[] CategoriesOf(in EventReader e)
    {
        if (e.Categories.Length > StackChars) // rare, and too much to keep
            return Read(e);
        Span<char> buffer = stackalloc char[StackChars];
        var key = buffer[..Encoding.Latin1.GetChars(e.Categories, buffer)];
        if (_listsByBytes.TryGetValue(key, out var known))
            return known;
        var added = Read(e);
        return _lists.Count < MaxKept ? _lists.GetOrAdd(key.ToString(), added) : added;
    }

    private string[] Read(in EventReader e)
    {
        var names = new string[e.CategoryCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = NameOf(e.CategoryAt(i));
        return names;
    }
}
