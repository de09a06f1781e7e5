using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ProfileService.Cli.Load;

/// <summary>
/// Parses one HTTP/1.1 response as it arrives, with Content-Length or chunks. The buffer is reused for the next response, so that reading
/// does not allocate.
/// </summary>
internal sealed class HttpAnswer
{
    private const int StatusAt = 9; // after "HTTP/1.1 "
    private const int StatusEnd = StatusAt + 3;
    private const int Unknown = -1;

    private byte[] _buffer = new byte[16 << 10];
    private int _end;
    private int _bodyAt; // 0 until the head is complete
    private int _bodyEnd; // Unknown until the last chunk arrives
    private int _chunkAt; // position of the next chunk's size

    public int Status { get; private set; }

    public bool IsWhole { get; private set; }

    /// <summary>Whether the server closes the connection after this response.</summary>
    public bool Closes { get; private set; }

    public bool IsGood => Status is >= 200 and < 300 or 304;

    public ReadOnlySpan<byte> Head => _buffer.AsSpan(0, _bodyAt);

    /// <summary>The body as received; a chunked one includes the sizes of its chunks.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_bodyAt, _bodyEnd - _bodyAt);

    /// <summary>Free part of the buffer, for the next bytes.</summary>
    public Span<byte> FreeBuffer
    {
        get
        {
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, 2 * _buffer.Length);
            return _buffer.AsSpan(_end);
        }
    }

    public void Begin()
    {
        (_end, _bodyAt, _bodyEnd, _chunkAt) = (0, 0, Unknown, 0);
        (Status, IsWhole, Closes) = (0, false, false);
    }

    /// <summary>Parses bytes that were written to <see cref="FreeBuffer"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an HTTP response.</exception>
    public void Parse(int received)
    {
        _end += received;
        if (_bodyAt == 0)
            ReadHead();
        if (_bodyAt > 0 && _bodyEnd == Unknown)
            ReadChunks();
        IsWhole = _bodyAt > 0 && _bodyEnd != Unknown && _end >= _bodyEnd;
    }

    /// <summary>A header's value; empty if the header is missing.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var lines = Head;
        while (lines.IndexOf("\r\n"u8) is > 0 and var end)
        {
            if (end > name.Length && lines[name.Length] == ':' && Ascii.EqualsIgnoreCase(lines[..name.Length], name))
                return lines[(name.Length + 1)..end].Trim((byte)' ');
            lines = lines[(end + 2)..];
        }

        return default;
    }

    /// <summary>The whole number after <paramref name="name"/> in a JSON body; 0 if there is none.</summary>
    public long NumberIn(ReadOnlySpan<byte> name) =>
        Body.IndexOf(name) is >= 0 and var at
        && Utf8Parser.TryParse(Body[(at + name.Length)..].TrimStart(":"u8), out long number, out _)
            ? number
            : 0;

    /// <summary>The body without the sizes of its chunks.</summary>
    public byte[] Content()
    {
        if (Header("Transfer-Encoding"u8).IsEmpty)
            return Body.ToArray();
        var content = new List<byte>();
        var rest = Body;
        while (rest.IndexOf("\r\n"u8) is >= 0 and var lineEnd
            && Utf8Parser.TryParse(rest[..lineEnd], out int size, out _, 'x')
            && size > 0)
        {
            content.AddRange(rest.Slice(lineEnd + 2, size));
            rest = rest[(lineEnd + 2 + size + 2)..];
        }

        return [.. content];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Status} {Encoding.UTF8.GetString(Body)}");

    private void ReadHead()
    {
        if (_buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8) is not (>= 0 and var headEnd))
            return;
        _bodyAt = headEnd + 4;
        if (!Head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(Head[StatusAt..StatusEnd], out int status, out _))
            throw new InvalidDataException("The server does not use HTTP/1.1.");

        Status = status;
        Closes = Ascii.EqualsIgnoreCase(Header("Connection"u8), "close"u8);
        _chunkAt = _bodyAt;
        if (status is 204 or 304)
            _bodyEnd = _bodyAt;
        else if (Utf8Parser.TryParse(Header("Content-Length"u8), out int length, out _))
            _bodyEnd = _bodyAt + length;
        else if (!Ascii.EqualsIgnoreCase(Header("Transfer-Encoding"u8), "chunked"u8))
            throw new InvalidDataException("A response has neither Content-Length nor chunks.");
    }

    private void ReadChunks()
    {
        while (_buffer.AsSpan(_chunkAt.._end) is var rest && rest.IndexOf("\r\n"u8) is >= 0 and var lineEnd)
        {
            if (!Utf8Parser.TryParse(rest[..lineEnd], out int size, out _, 'x'))
                throw new InvalidDataException("A chunk of a response has no size.");
            var chunkEnd = _chunkAt + lineEnd + 2 + size + 2;
            if (size == 0)
                _bodyEnd = chunkEnd;
            if (size == 0 || chunkEnd > _end)
                return;
            _chunkAt = chunkEnd;
        }
    }
}
