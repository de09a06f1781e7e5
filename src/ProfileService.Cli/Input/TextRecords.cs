using System.Text;

namespace ProfileService.Cli.Input;

/// <summary>The records of a text: its lines, or the elements of a JSON array, each with the number of the line that it begins in, from 1.</summary>
internal sealed class TextRecords(TextReader text, string name)
{
    private const int Longest = 16 << 20; // characters of a record; more is another kind of file than was meant
    private const int End = -1;
    private const char ByteOrderMark = '\uFEFF'; // in the middle where files were joined

    private readonly char[] _block = new char[1 << 14];
    private readonly StringBuilder _record = new();
    private int _at;
    private int _end;
    private long _line = 1;
    private int _open; // arrays that did not end yet

    /// <summary>Lines that hold something, without white space at their ends; or, if the text begins with <c>[</c>, an array's elements, each on one line.</summary>
    /// <exception cref="InvalidDataException">The text cannot be read on; the message says from where.</exception>
    public IEnumerable<(long Number, string Text)> LinesOrElements()
    {
        SkipBetween("");
        return Peek() == '[' ? Elements() : Lines();
    }

    public IEnumerable<(long Number, string Text)> Lines()
    {
        while (Peek() != End)
        {
            var number = _line;
            while (Peek() != End && Peek() != '\n')
                Take(number);
            Next();
            if (Record() is { Length: > 0 } line)
                yield return (number, line);
        }
    }

    private IEnumerable<(long Number, string Text)> Elements()
    {
        while (true)
        {
            SkipBetween("[],");
            if (Peek() == End)
                break;
            var number = _line;
            TakeElement(number);
            yield return (number, Record());
        }

        if (_open > 0)
            throw new InvalidDataException($"{name} ends within an array, which began with [ and has no ]: it is not whole.");
    }

    /// <summary>Takes one JSON value, well formed or not: up to where it closes what it opened.</summary>
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
        while (Peek() != End && (isText || depth > 0 || !IsBetween((char)Peek(), "],")));
    }

    private void SkipBetween(string marks)
    {
        while (Peek() is not End and var c && IsBetween((char)c, marks))
        {
            _open += c == '[' ? 1 : c == ']' ? -1 : 0;
            Next();
        }
    }

    private static bool IsBetween(char c, string marks) => char.IsWhiteSpace(c) || c == ByteOrderMark || marks.Contains(c, StringComparison.Ordinal);

    /// <summary>Takes a character into the record; the end of a line, which can stand only between JSON's words, as a space.</summary>
    private char Take(long number)
    {
        if (_record.Length == Longest)
            throw new InvalidDataException($"{name} line {number}: more than {Longest:N0} characters without an end. Is it the file that you meant?");
        var c = (char)Next();
        _record.Append(c == '\n' ? ' ' : c);
        return c;
    }

    private string Record()
    {
        var record = _record.ToString().Trim().Trim(ByteOrderMark).Trim();
        _record.Clear();
        return record;
    }

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
            throw new InvalidDataException($"{name} is no UTF-8 text, from line {_line} on. Turn it into UTF-8 first, such as by iconv.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{name} is packed, but damaged or cut off, from line {_line} on: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{name} cannot be read, from line {_line} on: {(e.InnerException ?? e).Message}", e);
        }
    }
}
