using System.Buffers;
using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>The depth limit of JSON, and reading beyond it.</summary>
internal static class JsonText
{
    /// <summary>Maximum nesting depth of one entry of a body.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonReaderOptions Unlimited = new() { MaxDepth = int.MaxValue };

    /// <summary>Creates a reader without a depth limit, so that an entry that is too deep is rejected alone, not the whole body.</summary>
    public static Utf8JsonReader Reader(ReadOnlySequence<byte> json) => new(json, Unlimited);

    /// <inheritdoc cref="Reader(ReadOnlySequence{byte})"/>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, Unlimited);

    /// <summary>
    /// Advances to the last token of the value at the given depth, which the reader is at or inside. Records the deepest level in
    /// <paramref name="deepest"/>.
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
