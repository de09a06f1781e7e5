using System.Buffers;
using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>How deep JSON is read.</summary>
internal static class JsonText
{
    /// <summary>Levels that one entry of a body may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>A reader that takes any depth, so that one deep entry is refused alone and not the body around it.</summary>
    public static Utf8JsonReader Reader(ReadOnlySequence<byte> json) => new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });

    /// <summary>
    /// Moves on to the last token of the value at a depth that the reader is in or stands before, and notes how deep it goes.
    /// </summary>
    public static void SkipTo(int depth, ref Utf8JsonReader json, ref int deepest)
    {
        if (json.CurrentDepth == depth && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        do
            deepest = Math.Max(deepest, json.CurrentDepth);
        while (json.Read() && json.CurrentDepth > depth);
    }
}
