namespace ProfileService.Flows;

/// <summary>How a line has its vector.</summary>
internal enum VectorForm
{
    None,

    /// <summary>As numbers.</summary>
    Floats,

    /// <summary>As the base64 of its little-endian float32: half the bytes, and a fraction of the work on both sides.</summary>
    Base64,
}

internal static class VectorForms
{
    public const string Floats = "floats";
    public const string Base64 = "base64";

    /// <summary>The form of this name; null if there is none.</summary>
    public static VectorForm? Parse(string? name, VectorForm byDefault) => name switch
    {
        null => byDefault,
        Floats => VectorForm.Floats,
        Base64 => VectorForm.Base64,
        _ => null,
    };
}
