namespace ProfileService.Client;

/// <summary>A line of what flows out: a profile, a deletion, or what frames them.</summary>
/// <param name="Vector">Little-endian float32; base64 in JSON.</param>
internal sealed record FlowLine(
    string? UserId = null,
    string? Pseudonym = null,
    string? Model = null,
    long? Revision = null,
    DateTimeOffset? ComputedAt = null,
    byte[]? Vector = null,
    bool Deleted = false,
    string? Cursor = null,
    long? Profiles = null,
    string? Next = null,
    int? Dimension = null,
    string? Digest = null)
{
    public ProfileChange ToChange() =>
        new(Pseudonym!, UserId, Model, Revision, ComputedAt, Vector is null ? (ReadOnlyMemory<float>?)null : Floats.Of(Vector), Deleted);

    public ExportedVector ToProfile() =>
        new(UserId!, Pseudonym!, Revision ?? 0, ComputedAt ?? default, Vector is null ? default : Floats.Of(Vector));
}
