using System.Globalization;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Storage;
using static System.FormattableString;

namespace ProfileService.Similar;

/// <summary>
/// The HNSW indexes of <see cref="PgvectorTable"/>, one for each model. Everybody reads and writes the table while one is built. The build
/// waits for transactions that began before it, and nobody waits for the build. The comment below says how processes take turns.
/// </summary>
// CREATE INDEX CONCURRENTLY runs outside a transaction, so that no lock of a transaction can go with it, and a lock of the session would
// stay behind at a pooler. It locks the table against a second one, but two of them are a deadlock: the second one waits for that lock
// with a snapshot, and the first one waits for snapshots. Therefore a process looks first whether it gets the lock, in a transaction
// without a snapshot. It leaves the time in the comment of the table, and until its build has the lock nobody else begins one.
internal sealed class PgvectorIndexes(NpgsqlDataSource postgres)
{
    private const int BuildSeconds = 24 * 60 * 60;
    private const int TurnSeconds = 10; // until the build has the lock
    private const string Begun = "Copied from the table profiles. Unix time in seconds when an index was last begun: ";

    private const string WaitBriefly = "SET LOCAL lock_timeout = '2s'"; // after one second Postgres ends an autovacuum that has the lock
    private const string LockForBuild = "LOCK TABLE profile_vectors IN SHARE UPDATE EXCLUSIVE MODE";

    private const string FindTurn = """
        SELECT coalesce(obj_description('profile_vectors'::regclass, 'pg_class'), ''), extract(epoch FROM clock_timestamp())::bigint
        """;

    /// <summary>Whether the model's index can be searched.</summary>
    public async Task<bool> HasAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        return await FindValidityAsync(connection, space, cancellationToken) == true;
    }

    /// <summary>
    /// Builds the model's index if it does not exist; what a build that was cut off left behind is removed first. Returns false if that
    /// must be tried again, because another process has its turn: it is building an index, or is about to.
    /// </summary>
    public async Task<bool> BuildAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (await TakeTurnAsync(connection, null, cancellationToken) is not { } turn)
            return false;
        if (await FindValidityAsync(connection, space, cancellationToken) == false)
        {
            await RunAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {NameOf(space)}", cancellationToken);
            if (await TakeTurnAsync(connection, turn, cancellationToken) is null)
                return false;
        }

        await RunAsync(
            connection,
            $"CREATE INDEX CONCURRENTLY IF NOT EXISTS {NameOf(space)} ON profile_vectors "
                + $"USING hnsw (({VectorOf(space)}) vector_cosine_ops) WHERE {IsOf(space)}",
            cancellationToken);
        return await FindValidityAsync(connection, space, cancellationToken) == true;
    }

    /// <summary>A query that returns whether the model's index can be searched; no row if there is none.</summary>
    public static string FindValidityOf(VectorSpace space) =>
        $"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{NameOf(space)}')";

    // Postgres uses a partial index only if the query has the index's condition as text, so the model cannot be a parameter. A model's
    // stamp is safe in SQL: it has letters, digits, dots, dashes, underscores, a slash and an @ (ModelManifest.Problem). The condition on
    // the dimension makes the cast safe.
    public static string IsOf(VectorSpace space) => Invariant($"model = '{space.Model}' AND vector_dims(vector) = {space.Dimension}");

    public static string VectorOf(VectorSpace space) => Invariant($"vector::vector({space.Dimension})");

    private static string NameOf(VectorSpace space) =>
        Invariant($"profile_vectors_{StableHash.Of(space.Model.ToString()):x16}_{space.Dimension}");

    /// <summary>Takes the turn to build. Returns the new comment; null if another process is building an index, or is about to.</summary>
    /// <param name="own">The comment of the caller's own turn, to renew it; null if it has none.</param>
    private static async Task<string?> TakeTurnAsync(NpgsqlConnection connection, string? own, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await RunAsync(connection, WaitBriefly, cancellationToken);
            await RunAsync(connection, LockForBuild, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }

        var (comment, now) = await FindTurnAsync(connection, cancellationToken);
        if (comment != own
            && comment.StartsWith(Begun, StringComparison.Ordinal)
            && long.TryParse(comment[Begun.Length..], CultureInfo.InvariantCulture, out var begun)
            && Math.Abs(now - begun) < TurnSeconds)
            return null;
        var turn = Invariant($"{Begun}{now}");
        await RunAsync(connection, $"COMMENT ON TABLE profile_vectors IS '{turn}'", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return turn;
    }

    private static async Task<(string Comment, long Now)> FindTurnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindTurn, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetInt64(1));
    }

    /// <summary>Whether the index is whole; null if there is none. One that is being built, or whose build was cut off, is not.</summary>
    private static async Task<bool?> FindValidityAsync(NpgsqlConnection connection, VectorSpace space, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindValidityOf(space), connection);
        return (bool?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        PgvectorTable.ExecuteAsync(connection, sql, BuildSeconds, cancellationToken);
}
