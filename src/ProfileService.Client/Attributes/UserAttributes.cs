namespace ProfileService.Client;

/// <summary>What the service knows of a user beside events.</summary>
/// <param name="Attributes">As they were put.</param>
/// <param name="Unused">Names that the active model has no use for.</param>
/// <param name="UpdatedAt">When they were put.</param>
public sealed record UserAttributes(
    string UserId, IReadOnlyDictionary<string, AttributeValue> Attributes, IReadOnlyList<string>? Unused = null, DateTimeOffset? UpdatedAt = null);

/// <summary>A user's attributes among those of many, to be put.</summary>
/// <param name="Attributes">Up to 64, of names of 1 to 64 characters; they replace all that the user has.</param>
public sealed record AttributesEntry(string UserId, IReadOnlyDictionary<string, AttributeValue> Attributes);
