using System.Text;

namespace ProfileService.Cli.Input;

/// <summary>
/// Reads the records of a text: its lines, or the elements of a JSON array, each with the number of its first line, from 1.
/// </summary>
internal sealed class TextRecords(TextReader text, string name)
{
    private const int MaxRecord = 16 << 20; // characters; a file with a longer record is probably the wrong file
    private const int End = -1;
    private const char ByteOrderMark = '\uFEFF'; // may occur inside a file that was joined from several

    private readonly char[] _block = new char[1 << 14];
    private readonly StringBuilder _record = new();
    private int _at;
    private int _end;
    private long _line = 1;
    private int _open; // number of arrays that have not ended yet

    /// <summary>
    /// The non-empty lines, trimmed; or, if the text begins with <c>[</c>, the elements of an array, each converted to one line.
    /// </summary>
    /// <exception cref="InvalidDataException">The text cannot be read; the message names the line.</exception>
    public IEnumerable<(long Number, string Text)> LinesOrElements()
    {
        SkipSeparators("");
        return Peek() == '[' ? Elements() : Lines();
    }

    public IEnumerable<(long Number, string Text)> Lines() =>
        WholeLines().Select(line => (line.Number, Trimmed(line.Text))).Where(line => line.Item2.Length > 0);

    /// <summary>The non-empty lines with the spaces around their texts, which may be part of an id.</summary>
    public IEnumerable<(long Number, string Text)> WholeLines()
    {
        while (Peek() != End)
        {
            var number = _line;
            while (Peek() != End && Peek() != '\n')
                Take(number);
            Next();
            var line = _record.ToString().TrimStart(ByteOrderMark);
            _record.Clear();
            if ((line.EndsWith('\r') ? line[..^1] : line) is { Length: > 0 } text)
                yield return (number, text);
        }
    }

    private IEnumerable<(long Number, string Text)> Elements()
    {
        while (true)
        {
            SkipSeparators("[],");
            if (Peek() == End)
                break;
            var number = _line;
            TakeElement(number);
            yield return (number, Record());
        }

        if (_open > 0)
            throw new InvalidDataException($"{name} is incomplete: it ends inside an array that began with [ and has no ].");
    }

    /// <summary>
    /// Reads one element, valid JSON or not: up to white space, a comma or a ], unless that is within a text, an object or an array.
    /// </summary>
    private void TakeElement(long number)
    {
        var (depth, isText, isEscaped) = (0, false, false);
        do
        {
            var c = Take(number);
            if (isText)
                (isText, isEscaped) = (isEscaped || c != '"', !isEscaped && c == '\\');
            else if (c == '"')
                isText = true;
            else
                depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
        }
        while (Peek() != End && (isText || depth > 0 || !IsSeparator((char)Peek(), "],")));
    }

    private void SkipSeparators(string marks)
    {
        while (Peek() is not End and var c && IsSeparator((char)c, marks))
        {
            _open += c == '[' ? 1 : c == ']' ? -1 : 0;
            Next();
        }
    }

    private static bool IsSeparator(char c, string marks) =>
        char.IsWhiteSpace(c) || c == ByteOrderMark || marks.Contains(c, StringComparison.Ordinal);

    /// <summary>Appends the next character to the record. A line break, which JSON allows only between tokens, becomes a space.</summary>
    private char Take(long number)
    {
        if (_record.Length == MaxRecord)
        {
            throw new InvalidDataException(
                $"{name} line {number}: a record has more than {MaxRecord:N0} characters. Is this the right file?");
        }

        var c = (char)Next();
        _record.Append(c == '\n' ? ' ' : c);
        return c;
    }

    private string Record()
    {
        var record = Trimmed(_record.ToString());
        _record.Clear();
        return record;
    }

    private static string Trimmed(string record) => record.Trim().Trim(ByteOrderMark).Trim();

    private int Peek() => _at < _end || Fill() ? _block[_at] : End;

    private int Next()
    {
        var c = Peek();
        if (c != End)
            _at++;
        if (c == '\n')
            _line++;
        return c;
    }

    private bool Fill()
    {
        try
        {
            (_at, _end) = (0, text.Read(_block));
            return _end > 0;
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException(
                $"{name} is not UTF-8 text from line {_line} on. Convert it to UTF-8 first, for example with iconv.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} is a gzip file that is damaged or incomplete from line {_line} on.", e);
        }
        catch (BehindTheEndException e)
        {
            throw new InvalidDataException(
                $"{name} is a gzip file with data after its end that is not gzip or is damaged, from line {_line} on.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{name} cannot be read from line {_line} on: {(e.InnerException ?? e).Message}", e);
        }
    }
}
