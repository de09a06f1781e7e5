namespace ProfileService.Platform.Settings;

/// <summary>
/// Edit distance of two names (optimal string alignment): the number of letters that are deleted, inserted, substituted or swapped with
/// their neighbour. Case is ignored.
/// </summary>
internal static class EditDistance
{
    /// <summary>Whether a name is so similar to a known one that it is probably a misspelling of it.</summary>
    public static bool AreNear(string name, string known) => Between(name, known) <= (known.Length <= 5 ? 1 : 2);

    public static int Between(string one, string other)
    {
        var (a, b) = (one.ToUpperInvariant(), other.ToUpperInvariant());
        int[] before = [], last = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
            (before, last) = (last, Row(a, b, i, before, last));
        return last[^1];
    }

    private static int[] Row(string a, string b, int i, int[] before, int[] last)
    {
        var row = new int[b.Length + 1];
        row[0] = i;
        for (var j = 1; j <= b.Length; j++)
        {
            row[j] = Math.Min(Math.Min(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = Math.Min(row[j], before[j - 2] + 1);
        }

        return row;
    }
}
