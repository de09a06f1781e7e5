using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ProfileService.Storage;

/// <summary>
/// Numbers of the changes of profiles in Postgres, from a sequence. Transactions commit in another order than they draw numbers: whoever
/// reads up to the highest number that is visible would miss one that is committed later. Therefore a transaction that is about to draw
/// numbers announces from which number on, by a lock that it holds to its end, and readers read up to the lowest that is announced.
/// </summary>
internal static class ChangeNumbers
{
    public const string Sequence = "profile_changes";

    public const string Next = $"nextval('{Sequence}')";

    private const int Lock = 0x43686e67; // any number that nobody else locks with a second one; this one spells "Chng"

    // The second key of a lock has 31 bits of a number. Those that are announced at the same time differ by less.
    private const long Keys = 1L << 31;

    private const string Given = $"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {Sequence}";

    /// <summary>
    /// Must precede the statement that draws numbers, in the same transaction: what it draws is above the number that is locked. Others may
    /// draw before the lock is had; then it is lower than it need be.
    /// </summary>
    public static readonly string Announce = $"SELECT pg_advisory_xact_lock_shared({Lock}, (({Given}) % {Keys})::int)";

    // Postgres releases the locks of a transaction after it has made its rows visible.
    private static readonly string Announced =
        $"SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = {Lock} AND objsubid = 2 AND granted "
        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /// <summary>
    /// Up to which number every change can be read by a statement that begins after this, and up to which numbers are given. The order of
    /// the two statements matters: who is not found by the second one has ended, or draws numbers above the first one's.
    /// </summary>
    public static async Task<(long Readable, long Given)> FindAsync(ProfileDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)db.Database.GetDbConnection())
        {
            BatchCommands = { new NpgsqlBatchCommand(Given), new NpgsqlBatchCommand(Announced) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var given = reader.GetInt64(0);
        var readable = given;
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            readable = Math.Min(readable, NumberOf(reader.GetInt64(0), given));
        return (readable, given);
    }

    /// <summary>The number that was announced by a key, the last one before or at what is given now, or shortly after.</summary>
    private static long NumberOf(long key, long given)
    {
        var distance = (((given - key) % Keys) + Keys) % Keys; // of the key behind what is given
        return distance < Keys / 2 ? given - distance : given;
    }
}
