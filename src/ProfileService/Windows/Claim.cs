namespace ProfileService.Windows;

/// <summary>A due user leased to one worker, with the window as it was when claimed.</summary>
/// <param name="Lease">Tells this lease from every other.</param>
/// <param name="Bytes">The window as <see cref="WindowCodec"/> wrote it; decoded by whoever refreshes, so that one broken window fails one user.</param>
/// <param name="DueSince">When the oldest change that the profile lacks was accepted.</param>
/// <param name="LeaseEnd">When the user is free for another worker.</param>
internal sealed record Claim(string UserId, Guid Lease, long Revision, byte[] Bytes, DateTimeOffset DueSince, DateTimeOffset LeaseEnd);
