namespace ProfileService.Platform;

/// <summary>Names that somebody sent, short enough to be shown in an answer.</summary>
internal static class ShortText
{
    public const int MaxLength = 64;

    /// <summary>The first 64 characters; a surrogate pair is not cut in half.</summary>
    public static string Of(string text) =>
        text.Length <= MaxLength ? text : char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)] : text[..MaxLength];
}
