namespace ProfileService.Client;

/// <summary>The events behind a profile.</summary>
/// <param name="UserId">Whose events they are.</param>
/// <param name="Revision">Rises with each change of the events or the attributes.</param>
/// <param name="Digest">SHA-256 of the window's bytes in lower-case hex; windows of equal events have equal digests.</param>
/// <param name="Events">As sent, but without removed texts and recommendation ids; the newest last.</param>
public sealed record UserWindow(string UserId, long Revision, string Digest, IReadOnlyList<UserEvent> Events);
