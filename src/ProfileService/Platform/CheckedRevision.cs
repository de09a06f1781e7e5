namespace ProfileService.Platform;

/// <summary>
/// A revision as stores keep it: 48 bits, and above them 16 bits that check them, for a lookup reads the revision alone. Zero stands
/// there where the revision was stored before there was a check.
/// </summary>
internal static class CheckedRevision
{
    /// <summary>The check is one more than the remainder by this prime, so that it is never 0.</summary>
    public const int Prime = 65_521;

    /// <summary>Stands for a revision that was altered: above every other, so that no profile counts as up to date beside it.</summary>
    public const long Altered = long.MaxValue;

    private const int Bits = 48;
    private const long LeastUnchecked = 1L << 40; // revisions begin with the Unix time in ms, and so have all since 2004
    private const long Mask = (1L << Bits) - 1;

    public static long Seal(long revision) => ((1 + (revision % Prime)) << Bits) | revision;

    /// <summary>The revision, or <see cref="Altered"/> where it was altered.</summary>
    public static long Open(long stored)
    {
        var revision = stored & Mask;
        return IsChecked(stored)
            ? Seal(revision) == stored ? revision : Altered
            : revision >= LeastUnchecked ? revision : Altered;
    }

    public static bool IsChecked(long stored) => stored >>> Bits != 0;
}
