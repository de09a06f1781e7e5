using System.Buffers;

namespace ProfileService.Platform;

/// <summary>Text of nothing but what JSON takes for white space.</summary>
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
