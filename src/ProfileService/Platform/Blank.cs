using System.Buffers;

namespace ProfileService.Platform;

/// <summary>Recognises text that consists of JSON white space only.</summary>
internal static class Blank
{
    public static bool Is(ReadOnlySequence<byte> text)
    {
        foreach (var segment in text)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r\n"u8))
                return false;
        }

        return true;
    }
}
