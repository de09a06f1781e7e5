using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Reads answers off a connection, one after the other.</summary>
internal sealed class AnswerReader(Socket socket)
{
    private byte[] _buffer = new byte[65_536];
    private int _start;
    private int _end;

    /// <summary>Null where the connection ended instead.</summary>
    public Answer? Read(bool hasNoBody)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (ReadHead() is { } head)
        {
            var lines = head.Split("\r\n");
            var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
            if (status < 200)
                continue; // 100 Continue, before the answer itself
            var headers = Headers(lines);
            var body = hasNoBody || status is 204 or 304 ? [] : ReadBody(headers);
            return body is null ? null : new Answer(status, headers, body, TimeProvider.System.GetElapsedTime(started));
        }
        return null;
    }

    private static Dictionary<string, string> Headers(string[] lines)
    {
        var headers = new Dictionary<string, string>();
        foreach (var line in lines.Skip(1).Where(line => line.Length > 0))
            headers.TryAdd(line[..line.IndexOf(':', StringComparison.Ordinal)].ToLowerInvariant(),
                line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
        return headers;
    }

    private string? ReadHead()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Fill())
                return null;
        }
        var head = Encoding.Latin1.GetString(_buffer, _start, length);
        _start += length + 4;
        return head;
    }

    private byte[]? ReadBody(Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("content-length", out var length))
            return Take(int.Parse(length, CultureInfo.InvariantCulture));
        return headers.ContainsKey("transfer-encoding") ? ReadChunks() : ReadToEnd();
    }

    private byte[]? ReadChunks()
    {
        var body = new MemoryStream();
        while (ReadLine() is { } size && Take(int.Parse(size, NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2) is { } chunk)
        {
            if (chunk.Length == 2)
                return body.ToArray();
            body.Write(chunk, 0, chunk.Length - 2);
        }
        return null;
    }

    private string? ReadLine()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            if (!Fill())
                return null;
        }
        var line = Encoding.ASCII.GetString(_buffer, _start, length);
        _start += length + 2;
        return line;
    }

    private byte[] ReadToEnd()
    {
        while (Fill())
        {
        }
        return _buffer[_start.._end];
    }

    private byte[]? Take(int count)
    {
        while (_end - _start < count)
        {
            if (!Fill())
                return null;
        }
        _start += count;
        return _buffer[(_start - count).._start];
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        _end += read;
        return read > 0;
    }
}
