using System.Text;
using ProfileService.Platform;

namespace ProfileService.Sentiment;

/// <summary>
/// Turns a text into the tokens of a sentiment package (docs/sentiment.md), as training's sentiment/tokenizer.py does. A text is folded, then
/// cut into units: a word of an alphabet, or one character of anything else. Each unit gives <see cref="Slots"/> tokens: itself, itself
/// with the next one, with the next two if the package says so, and the beginning of a long word. Unicode's own rules are not asked, so that the two agree
/// whatever version of Unicode either knows.
/// </summary>
internal sealed class TextTokenizer
{
    /// <summary>Tokens of a unit.</summary>
    public const int Slots = 4;

    private const string StemMark = "*";

    private readonly TokenizerManifest _settings;
    private readonly Dictionary<Rune, string> _folding;

    /// <param name="folding">Character → what stands for it; other characters stand for themselves.</param>
    /// <exception cref="FormatException">A key is not one character.</exception>
    public TextTokenizer(TokenizerManifest settings, IReadOnlyDictionary<string, string> folding)
    {
        _settings = settings;
        _folding = folding.ToDictionary(f => RuneOf(f.Key), f => f.Value ?? throw new FormatException("a character stands for null."));
    }

    /// <summary>Tokens of a text, at most <see cref="TokenizerManifest.Units"/> times <see cref="Slots"/>; none where it has no unit.</summary>
    public int[] Tokens(string text)
    {
        var units = Bounded(Units(text));
        var tokens = new int[units.Count * Slots];
        for (var n = 0; n < units.Count; n++)
        {
            tokens[n * Slots] = IndexOf(units[n]);
            tokens[(n * Slots) + 1] = n + 1 < units.Count ? IndexOf($"{units[n]} {units[n + 1]}") : 0;
            tokens[(n * Slots) + 2] = n + 2 < units.Count && _settings.LongestGram == 3 ? IndexOf($"{units[n]} {units[n + 1]} {units[n + 2]}") : 0;
            tokens[(n * Slots) + 3] = Prefix(units[n], _settings.Stem) is { } stem ? IndexOf(stem + StemMark) : 0;
        }

        return tokens;
    }

    private List<string> Units(string text)
    {
        var units = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // half of a surrogate pair comes as U+FFFD
        {
            if (_folding.TryGetValue(rune, out var folded))
            {
                foreach (var part in folded.EnumerateRunes())
                    Take(part, word, units);
            }
            else
            {
                Take(rune, word, units);
            }
        }

        EndWord(word, units);
        return units;
    }

    private void Take(Rune rune, StringBuilder word, List<string> units)
    {
        if (IsWord(rune))
        {
            word.Append((char)rune.Value); // all of them are below U+2000
            return;
        }

        EndWord(word, units);
        if (rune.Value != ' ')
            Append(units, rune.ToString());
    }

    private void EndWord(StringBuilder word, List<string> units)
    {
        if (word.Length == 0)
            return;
        var whole = word.ToString().Trim('\'');
        word.Clear();
        if (whole.Length > 0)
            Append(units, whole.Length <= _settings.LongestWord ? whole : whole[.._settings.LongestWord]);
    }

    private void Append(List<string> units, string unit)
    {
        var run = _settings.LongestRun;
        for (var n = units.Count - 1; n >= 0 && run > 0 && units[n] == unit; n--)
            run--;
        if (run > 0)
            units.Add(unit);
    }

    private List<string> Bounded(List<string> units) =>
        units.Count <= _settings.Units ? units : [.. units[..(_settings.Units / 2)], .. units[^(_settings.Units - (_settings.Units / 2))..]];

    private int IndexOf(string gram) => 1 + (int)(StableHash.Of(gram) % (ulong)_settings.Buckets);

    // A unit is a word, whose characters are one char each, or a single character, which has no beginning of its own.
    private static string? Prefix(string unit, int length) => unit.Length >= length && unit[0] < '\u2000' ? unit[..length] : null;

    // Letters and digits of alphabets that put spaces between words: ASCII, and all from Latin to before the general punctuation.
    private static bool IsWord(Rune rune) => rune.Value < 0x80 ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '\'' : rune.Value is >= 0xC0 and < 0x2000;

    private static Rune RuneOf(string text) =>
        Rune.DecodeFromUtf16(text, out var rune, out var used) == System.Buffers.OperationStatus.Done && used == text.Length
            ? rune
            : throw new FormatException($"'{text}' is not one character.");
}
