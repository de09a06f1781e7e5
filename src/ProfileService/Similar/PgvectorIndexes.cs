using System.Globalization;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// The HNSW indexes of <see cref="PgvectorTable"/>, one for each model. Everybody reads and writes the table while one is built. The build
/// waits for transactions that began before it, and nobody waits for the build. The comment below has how processes take turns.
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

    // After one second Postgres ends an autovacuum that has the lock.
    private static readonly string[] LockTable =
        ["SET LOCAL lock_timeout = '2s'", "LOCK TABLE profile_vectors IN SHARE UPDATE EXCLUSIVE MODE"];

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
    /// Builds the model's index if it does not exist. Returns false if that must be tried again: another process is building an index, or
    /// what a build that was cut off left behind had to be removed.
    /// </summary>
    public async Task<bool> BuildAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (!await TakeTurnAsync(connection, cancellationToken))
            return false;
        if (await FindValidityAsync(connection, space, cancellationToken) == false)
        {
            await ExecuteAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {NameOf(space)}", cancellationToken);
            return false;
        }

        await ExecuteAsync(
            connection,
            $"CREATE INDEX CONCURRENTLY IF NOT EXISTS {NameOf(space)} ON profile_vectors "
                + $"USING hnsw (({VectorOf(space)}) vector_cosine_ops) WHERE {IsOf(space)}",
            cancellationToken);
        return await FindValidityAsync(connection, space, cancellationToken) == true;
    }

    // Postgres uses a partial index only if the query has the index's condition as text, so the model cannot be a parameter. A model's
    // stamp is safe in SQL: it has letters, digits, dots, dashes, underscores, a slash and an @ (ModelManifest.Problem). The condition on
    // the dimension makes the cast safe.
    public static string IsOf(VectorSpace space) => Sql($"model = '{space.Model}' AND vector_dims(vector) = {space.Dimension}");

    public static string VectorOf(VectorSpace space) => Sql($"vector::vector({space.Dimension})");

    private static string NameOf(VectorSpace space) =>
        Sql($"profile_vectors_{StableHash.Of(space.Model.ToString()):x16}_{space.Dimension}");

    /// <summary>Returns false if another process is building an index, or is about to.</summary>
    private static async Task<bool> TakeTurnAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            foreach (var statement in LockTable)
                await ExecuteAsync(connection, statement, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }

        var (comment, now) = await FindTurnAsync(connection, cancellationToken);
        if (comment.StartsWith(Begun, StringComparison.Ordinal)
            && long.TryParse(comment[Begun.Length..], CultureInfo.InvariantCulture, out var begun)
            && Math.Abs(now - begun) < TurnSeconds)
            return false;
        await ExecuteAsync(connection, Sql($"COMMENT ON TABLE profile_vectors IS '{Begun}{now}'"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
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
        await using var command = new NpgsqlCommand(
            $"SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('{NameOf(space)}')", connection);
        return (bool?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = BuildSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Sql(FormattableString sql) => sql.ToString(CultureInfo.InvariantCulture);
}
