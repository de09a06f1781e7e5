namespace ProfileService.Lookup;

/// <summary>
/// The rows of the items that may be answered with. An item that expires goes out by itself, at the first question after it.
/// </summary>
/// <param name="rows">Those that may be answered with until they expire. It is not kept.</param>
/// <param name="count">Rows of the index.</param>
/// <param name="expiring">Rows of items that expire, and when, in any order.</param>
internal sealed class AvailableRows(RowSet rows, int count, IEnumerable<(DateTime At, int Row)> expiring)
{
    private readonly ulong[] _words = rows.ToWords();
    private readonly (DateTime At, int Row)[] _expiring = [.. expiring.OrderBy(e => e.At)];
    private readonly Lock _removing = new();
    private int _expired; // of the expiring ones, from the first

    /// <summary>A new set of the rows that are available now.</summary>
    public RowSet At(DateTimeOffset now)
    {
        if (IsNext(Volatile.Read(ref _expired), now))
            RemoveExpired(now);
        return RowSet.Of(count, _words);
    }

    private bool IsNext(int expired, DateTimeOffset now) => expired < _expiring.Length && _expiring[expired].At <= now.UtcDateTime;

    private void RemoveExpired(DateTimeOffset now)
    {
        lock (_removing)
        {
            var expired = _expired;
            for (; IsNext(expired, now); expired++)
                RowSet.Remove(_words, _expiring[expired].Row);
            Volatile.Write(ref _expired, expired);
        }
    }
}
