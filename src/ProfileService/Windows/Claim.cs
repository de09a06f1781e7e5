using ProfileService.Windows.Codec;

namespace ProfileService.Windows;

/// <summary>A due user leased to one worker, with the window as it was when claimed.</summary>
/// <param name="Lease">Identifies the lease.</param>
/// <param name="Bytes">
/// The window as <see cref="WindowCodec"/> wrote it. The refresh decodes it, so that one broken window fails one user.
/// </param>
/// <param name="DueSince">When the oldest change that the profile lacks was accepted.</param>
internal sealed record Claim(string UserId, Guid Lease, long Revision, byte[] Bytes, DateTimeOffset DueSince)
{
    /// <summary>How far the clocks of processes may be apart.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The latest time, in Unix ms, at which a lease of this length can end. A lease that ends later was taken by a process whose clock was
    /// ahead. It counts as ended, so that its user does not wait until that time.
    /// </summary>
    public static long LatestLeaseEnd(long now, TimeSpan lease) => now + (long)(lease + ClockSkew).TotalMilliseconds;
}
