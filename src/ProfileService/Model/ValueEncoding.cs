namespace ProfileService.Model;

/// <summary>Encodes an event's value as a float in [-10, 10]; 0 if the event has no value.</summary>
internal sealed class ValueEncoding
{
    private const double Bound = 10;
    private readonly Func<double, double> _scale;

    private ValueEncoding(Func<double, double> scale) => _scale = scale;

    /// <exception cref="PackageRefusedException">The manifest declares an invalid encoding.</exception>
    public static ValueEncoding Create(EncodingManifest manifest) => manifest switch
    {
        { Encoding: "none" } => new(_ => 0),
        { Encoding: "signedLog", Scale: { } scale and > 0 } => new(v => Math.Sign(v) * Math.Log(1 + Math.Abs(v)) / scale),
        { Encoding: "linear", Scale: { } scale and > 0, Offset: { } offset } => new(v => (v - offset) / scale),
        _ => throw new PackageRefusedException(
            ModelManifest.FileName, $"inputs.values: encoding '{manifest.Encoding}' is unknown or lacks a member."),
    };

    public float Of(double? value) => value is { } v ? (float)Math.Clamp(_scale(v), -Bound, Bound) : 0;
}
