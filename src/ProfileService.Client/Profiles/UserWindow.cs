namespace ProfileService.Client;

/// <summary>The events behind a profile.</summary>
/// <param name="Revision">Rises with every change.</param>
/// <param name="Digest">SHA-256 of the window's bytes, lower-case hex; it depends on the events alone.</param>
/// <param name="Events">As sent, the newest last.</param>
public sealed record UserWindow(string UserId, long Revision, string Digest, IReadOnlyList<UserEvent> Events);
