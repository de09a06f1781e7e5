using System.Text;
using ProfileService.Platform;

namespace ProfileService.Sentiment;

/// <summary>
/// Splits a text into the tokens of a sentiment package (docs/sentiment.md), with the same results as sentiment/tokenizer.py in the
/// training code. A text is folded, then split into units: words of alphabetic scripts, and single other characters. Each unit gives
/// <see cref="Slots"/> tokens: the unit, its bigram, its trigram if the package has them, and the prefix of a long word. The platform's
/// Unicode tables are not used, because their versions may differ between service and training.
/// </summary>
internal sealed class TextTokenizer
{
    /// <summary>Tokens per unit.</summary>
    public const int Slots = 4;

    private const string StemMark = "*";

    private readonly TokenizerManifest _settings;
    private readonly Dictionary<Rune, string> _folding;

    /// <param name="folding">Replacements by character; characters that are not in it stay as they are.</param>
    /// <exception cref="FormatException">A key is not one character.</exception>
    public TextTokenizer(TokenizerManifest settings, IReadOnlyDictionary<string, string> folding)
    {
        _settings = settings;
        _folding = folding.ToDictionary(f => RuneOf(f.Key), f => f.Value ?? throw new FormatException("a character stands for null."));
    }

    /// <summary>Returns the tokens of a text, at most <see cref="TokenizerManifest.Units"/> times <see cref="Slots"/>.</summary>
    public int[] Tokens(string text)
    {
        var units = Bounded(Units(text));
        var tokens = new int[units.Count * Slots];
        for (var n = 0; n < units.Count; n++)
        {
            var (hasNext, hasNextTwo) = (n + 1 < units.Count, n + 2 < units.Count && _settings.LongestGram == 3);
            tokens[n * Slots] = IndexOf(units[n]);
            tokens[(n * Slots) + 1] = hasNext ? IndexOf($"{units[n]} {units[n + 1]}") : 0;
            tokens[(n * Slots) + 2] = hasNextTwo ? IndexOf($"{units[n]} {units[n + 1]} {units[n + 2]}") : 0;
            tokens[(n * Slots) + 3] = Prefix(units[n], _settings.Stem) is { } stem ? IndexOf(stem + StemMark) : 0;
        }

        return tokens;
    }

    private List<string> Units(string text)
    {
        var units = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate becomes U+FFFD
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
            word.Append((char)rune.Value); // a word's characters are below U+2000
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

    private List<string> Bounded(List<string> units)
    {
        var first = _settings.Units / 2;
        return units.Count <= _settings.Units ? units : [.. units[..first], .. units[^(_settings.Units - first)..]];
    }

    private int IndexOf(string gram) => 1 + (int)(StableHash.Of(gram) % (ulong)_settings.Buckets);

    // Only words have a prefix: their characters are one char each. Any other unit is a single character.
    private static string? Prefix(string unit, int length) => unit.Length >= length && unit[0] < '\u2000' ? unit[..length] : null;

    // Letters and digits of scripts with spaces between words: ASCII, and the blocks from Latin-1 letters on before General Punctuation.
    private static bool IsWord(Rune rune) => rune.Value < 0x80
        ? char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value == '\''
        : rune.Value is >= 0xC0 and < 0x2000;

    private static Rune RuneOf(string text) =>
        Rune.DecodeFromUtf16(text, out var rune, out var used) == System.Buffers.OperationStatus.Done && used == text.Length
            ? rune
            : throw new FormatException($"'{text}' is not one character.");
}
