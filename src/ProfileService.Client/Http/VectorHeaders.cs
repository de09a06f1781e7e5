using System.Globalization;

namespace ProfileService.Client;

/// <summary>The <c>X-Profile-*</c> headers of an answer that is bytes.</summary>
internal sealed class VectorHeaders
{
    private const string Prefix = "X-Profile-";

    private readonly HttpResponseMessage _response;

    private VectorHeaders(HttpResponseMessage response)
    {
        _response = response;
        (Model, Dimension) = (Text("Model"), Read("Dimension", int.Parse));
    }

    public string Model { get; }

    public int Dimension { get; }

    /// <summary>Number of rows without numbers because a profile cannot be read or computed now.</summary>
    public int Unavailable => Find("Unavailable") is null ? 0 : Read("Unavailable", int.Parse);

    /// <exception cref="ProfileServiceException">The answer is not that number of vectors.</exception>
    public static VectorHeaders Of(HttpResponseMessage response, int rows)
    {
        var content = response.Content.Headers;
        if (content.ContentType?.MediaType != Floats.ContentType)
        {
            var type = content.ContentType?.MediaType ?? "of no type";
            throw ServiceCalls.NotUnderstood(response, $"the answer is {type}, not {Floats.ContentType}.");
        }

        var headers = new VectorHeaders(response);
        var expected = sizeof(float) * (long)rows * headers.Dimension;
        return (headers.Dimension >= 0 && content.ContentLength is null) || content.ContentLength == expected
            ? headers
            : throw ServiceCalls.NotUnderstood(response, $"the answer has {content.ContentLength:N0} bytes, not {expected:N0}.");
    }

    public VectorInfo Info() => new(
        Dimension,
        Model,
        Read("Revision", long.Parse),
        Read("Event-Count", int.Parse),
        new Freshness(
            Time("Computed-At") ?? throw Missing("Computed-At"),
            Read("Age-Seconds", double.Parse),
            Read("Pending-Events", long.Parse),
            Text("Stale") == "true",
            Time("Events-Through")),
        Find("Evidence") is null ? null : Read("Evidence", double.Parse),
        _response.Headers.ETag?.ToString());

    private string Text(string name) => Find(name) ?? throw Missing(name);

    private T Read<T>(string name, Func<string, IFormatProvider, T> parse)
    {
        try
        {
            return parse(Text(name), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw ServiceCalls.NotUnderstood(_response, $"{Prefix}{name}: {e.Message}", e);
        }
    }

    private DateTimeOffset? Time(string name) =>
        Find(name) is null ? null : Read(name, (text, culture) => DateTimeOffset.Parse(text, culture, DateTimeStyles.AssumeUniversal));

    private string? Find(string name) => _response.Headers.TryGetValues(Prefix + name, out var values) ? string.Concat(values) : null;

    private ProfileServiceException Missing(string name) => ServiceCalls.NotUnderstood(_response, $"the header {Prefix}{name} is missing.");
}
