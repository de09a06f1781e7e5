namespace ProfileService.Client;

/// <summary>What the service knows of a user beside events.</summary>
/// <param name="UserId">Whose attributes they are.</param>
/// <param name="Attributes">Name and value, as they were put.</param>
/// <param name="Unused">Names of those that the active model does not read.</param>
/// <param name="UpdatedAt">When they were put.</param>
public sealed record UserAttributes(
    string UserId,
    IReadOnlyDictionary<string, AttributeValue> Attributes,
    IReadOnlyList<string>? Unused = null,
    DateTimeOffset? UpdatedAt = null);
