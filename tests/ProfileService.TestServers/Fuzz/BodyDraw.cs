using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Bodies as bytes: from the schema or from the document's example, whole, cut short, with bytes changed, compressed.</summary>
internal sealed class BodyDraw(JsonElement document, Drawn drawn)
{
    private const int MaxLines = 12;
    private const int LargeBytes = 1_200_000; // more than addresses other than those of batches take

    private static readonly string[] LineEnds = ["\n", "\n", "\n", "\r\n", "\n\n", "\r", " \n"];

    private readonly JsonDraw _json = new(document, drawn);

    public byte[] Draw(Body body)
    {
        if (drawn.OnceIn(20_000))
            return new byte[LargeBytes];
        var bytes = Encoding.UTF8.GetBytes(drawn.OnceIn(100) ? drawn.OddText() : Text(body));
        return drawn.OnceIn(15) ? Damaged(bytes) : bytes;
    }

    public static byte[] Compressed(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private string Text(Body body)
    {
        if (body.IsStream)
            return string.Concat(Enumerable.Range(0, drawn.Below(MaxLines)).Select(_ => _json.Draw(body.Schema) + drawn.OneOf(LineEnds)));
        if (body.Example.ValueKind != JsonValueKind.Undefined && drawn.OnceIn(10))
            return body.Example.GetRawText();
        return _json.Draw(body.Schema);
    }

    private byte[] Damaged(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [0xEF, 0xBB, 0xBF];
        if (drawn.OnceIn(2))
            return bytes[..drawn.Below(bytes.Length)];
        for (var i = 1 + drawn.Below(4); i > 0; i--)
            drawn.Fill(bytes.AsSpan(drawn.Below(bytes.Length), 1));
        return bytes;
    }
}
