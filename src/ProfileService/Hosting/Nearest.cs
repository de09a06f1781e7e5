namespace ProfileService.Hosting;

/// <summary>Names in the order of their likeness to one that was meant.</summary>
internal static class Nearest
{
    /// <summary>By the number of characters to change, whatever their case; of equals in alphabetical order.</summary>
    public static IEnumerable<string> First(string meant, IEnumerable<string> names) =>
        names.OrderBy(name => Distance(meant.ToUpperInvariant(), name.ToUpperInvariant())).ThenBy(name => name, StringComparer.Ordinal);

    // Levenshtein: insert, delete or change one character
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                (row[j], diagonal) = (Math.Min(diagonal + (from[i - 1] == to[j - 1] ? 0 : 1), 1 + Math.Min(row[j], row[j - 1])), row[j]);
        }

        return row[^1];
    }
}
