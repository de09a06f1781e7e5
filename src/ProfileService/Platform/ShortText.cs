namespace ProfileService.Platform;

/// <summary>Shortens names that a client sent, so that a response can quote them.</summary>
internal static class ShortText
{
    public const int MaxLength = 64;

    /// <summary>The first 64 characters; a surrogate pair is not split.</summary>
    public static string Of(string text) =>
        text.Length <= MaxLength ? text : char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)] : text[..MaxLength];
}
