namespace ProfileService.Platform;

/// <summary>A header of a route, for the description of the API.</summary>
/// <param name="Type">What its text stands for.</param>
/// <param name="Status">Status of the answers that have it; null for a header of the request.</param>
internal sealed record ApiHeader(string Name, string Meaning, Type Type, int? Status = null);
