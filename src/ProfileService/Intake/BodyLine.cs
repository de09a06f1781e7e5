namespace ProfileService.Intake;

/// <summary>Metadata of a route whose streams have other objects than its JSON.</summary>
/// <param name="Type">Type of the object of a line.</param>
internal sealed record BodyLine(Type Type);
