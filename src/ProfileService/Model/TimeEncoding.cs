namespace ProfileService.Model;

/// <summary>Encodes when a window's newest event happened: its day, scaled, and the hour as a share of the day, in UTC.</summary>
internal sealed class TimeEncoding
{
    /// <summary>Numbers per window.</summary>
    public const int Length = 2;

    private const double Bound = 10;            // of the scaled day
    private const double Day = 86_400_000_000d; // µs

    private readonly double _offset; // days since 1970-01-01
    private readonly double _scale;  // days

    private TimeEncoding(double offset, double scale) => (_offset, _scale) = (offset, scale);

    /// <summary>Null if the model does not use the time.</summary>
    /// <exception cref="PackageRefusedException">The manifest declares an invalid encoding.</exception>
    public static TimeEncoding? Create(EncodingManifest? manifest) => manifest switch
    {
        null => null,
        { Encoding: "dayAndHour", Offset: { } offset, Scale: { } scale and > 0 } => new(offset, scale),
        _ => throw new PackageRefusedException(
            ModelManifest.FileName, $"inputs.time: encoding '{manifest.Encoding}' is unknown or lacks a member."),
    };

    /// <param name="timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="into">Receives the day, in [-10, 10], and the share of the day that is over, in [0, 1).</param>
    public void Write(long timestamp, Span<float> into)
    {
        into[0] = (float)Math.Clamp(((timestamp / Day) - _offset) / _scale, -Bound, Bound);
        into[1] = (float)(MicrosOfDay(timestamp) / Day);
    }

    private static long MicrosOfDay(long timestamp)
    {
        const long Micros = (long)Day;
        return ((timestamp % Micros) + Micros) % Micros; // a time before 1970 is negative
    }
}
