namespace ProfileService.Client;

/// <summary>The attributes of one of many users, to be put.</summary>
/// <param name="UserId">Whose attributes they are. 1 to 128 characters, no control characters, not <c>.</c> or <c>..</c>.</param>
/// <param name="Attributes">Up to 64, with names of 1 to 64 characters; they replace all that the user has.</param>
public sealed record AttributesEntry(string UserId, IReadOnlyDictionary<string, AttributeValue> Attributes);
