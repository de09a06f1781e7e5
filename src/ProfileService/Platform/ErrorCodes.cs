namespace ProfileService.Platform;

/// <summary>The codes of problems that are made in more than one place. They are part of the API.</summary>
internal static class ErrorCodes
{
    public const string ControlCharacter = "control_character";
    public const string InvalidLength = "invalid_length";
    public const string InvalidText = "invalid_text";
    public const string InvalidTimestamp = "invalid_timestamp";
    public const string MissingField = "missing_field";
    public const string OutOfRange = "out_of_range";
    public const string RepeatedField = "repeated_field";
    public const string TextTooLong = "text_too_long";
    public const string TooLarge = "too_large";
    public const string UnknownItem = "unknown_item";
    public const string UnknownParameter = "unknown_parameter";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string WindowUnreadable = "window_unreadable";
    public const string WrongType = "wrong_type";
}
