namespace ProfileService.Platform;

/// <summary>Metadata that describes a header of a route in the OpenAPI document.</summary>
/// <param name="Type">Type of the header's value.</param>
/// <param name="Status">Status of the responses that carry the header; null for a request header.</param>
internal sealed record ApiHeader(string Name, string Meaning, Type Type, int? Status = null);
