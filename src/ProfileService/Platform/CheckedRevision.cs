namespace ProfileService.Platform;

/// <summary>
/// A revision with a checksum, as stores keep it: the revision in the lower 48 bits, its checksum in the upper 16 bits. The revision has a
/// checksum of its own because a lookup reads only the revision. A checksum of 0 marks a revision that was stored before checksums existed.
/// </summary>
internal static class CheckedRevision
{
    /// <summary>The checksum is the revision modulo this prime, plus 1, so that it is never 0.</summary>
    public const int Prime = 65_521;

    /// <summary>Result for a corrupted revision. It is higher than every valid revision, so that no profile counts as up to date.</summary>
    public const long Altered = long.MaxValue;

    private const int Bits = 48;
    private const long MinUnchecked = 1L << 40; // revisions start at the Unix time in ms, which exceeds this value since 2004
    private const long Mask = (1L << Bits) - 1;

    public static long Seal(long revision) => ((1 + (revision % Prime)) << Bits) | revision;

    /// <summary>Returns the revision, or <see cref="Altered"/> if it does not match its checksum.</summary>
    public static long Open(long stored)
    {
        var revision = stored & Mask;
        return IsChecked(stored)
            ? Seal(revision) == stored ? revision : Altered
            : revision >= MinUnchecked ? revision : Altered;
    }

    public static bool IsChecked(long stored) => stored >>> Bits != 0;
}
