namespace ProfileService.Intake;

/// <summary>Metadata of a route that takes another form of its body under another media type.</summary>
/// <param name="Type">Type of the body, for its description.</param>
internal sealed record BodySchema(string MediaType, Type Type);
