using System.Globalization;
using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using static System.FormattableString;

namespace ProfileService.Similar;

/// <summary>
/// The table <c>profile_vectors</c> in a Postgres with pgvector: the vectors of the profiles in the type that an HNSW index needs. Each
/// model has a partial index of its own (<see cref="PgvectorIndexes"/>), so that vectors of different models are never compared.
/// <see cref="PgvectorWorker"/> fills the table after the profiles are stored, because an insert into such an index takes milliseconds.
/// </summary>
internal sealed class PgvectorTable(NpgsqlDataSource postgres)
{
    /// <summary>Maximum length of a vector in an HNSW index of pgvector.</summary>
    public const int MaxDimension = 2_000;

    private const int MaxCandidates = 1_000; // maximum of hnsw.ef_search
    private const int MinCandidates = 100;
    private const double CandidatesPerResult = 2;
    private const int RowsAtOnce = 50; // of a transaction, behind which erasures wait

    private static readonly Version FirstWithHnsw = new(0, 5, 0);
    private static readonly Version FirstToGoOn = new(0, 8, 0); // has hnsw.iterative_scan, which can return more results than candidates

    // Held while the schema of the table changes. Any number that nobody else locks; this one spells "Vectors".
    private const string Lock = "SELECT pg_advisory_xact_lock(x'566563746f7273'::bigint)";

    private const string FindExtension = "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'";

    private const string CreateExtension = "CREATE EXTENSION IF NOT EXISTS vector";

    private const string Create = CreateExtension + """
        ;
        CREATE TABLE IF NOT EXISTS profile_vectors (
            user_id text COLLATE "C" NOT NULL,
            model text COLLATE "C" NOT NULL,
            revision bigint NOT NULL,
            vector vector NOT NULL,
            PRIMARY KEY (user_id, model)
        )
        """;

    // Comes before a lock behind which others wait, so that nobody has that one and waits for the table.
    private const string LockForRows = "LOCK TABLE profile_vectors IN ROW EXCLUSIVE MODE";

    private const string Delete = """
        DELETE FROM profile_vectors v USING unnest($1, $2) AS e (user_id, floor) WHERE v.user_id = e.user_id AND v.revision <= e.floor
        """;

    private const string FindOfUser = "SELECT model, revision, vector::real[] FROM profile_vectors WHERE user_id = $1 ORDER BY model";

    private const string HasTable = "SELECT to_regclass('profile_vectors') IS NOT NULL";

    private const string Upsert = """
        INSERT INTO profile_vectors (user_id, model, revision, vector)
        SELECT p.user_id, $1, p.revision, p.vector::vector FROM unnest($5, $6, $7) AS p (user_id, revision, vector)
        JOIN profiles ON profiles.user_id = p.user_id AND profiles.model = $2 AND profiles.digest IN ($3, $4)
            AND profiles.revision = p.revision
        ORDER BY p.user_id COLLATE "C"
        ON CONFLICT (user_id, model) DO UPDATE SET revision = excluded.revision, vector = excluded.vector
        WHERE excluded.revision >= profile_vectors.revision
        """;

    // A page of the profiles in the order of their key, each with its vector if the table's is older or missing.
    private const string FindPage = """
        SELECT p.user_id, p.revision, CASE WHEN v.revision >= p.revision THEN NULL ELSE p.vector END
        FROM (
            SELECT user_id, revision, vector FROM profiles
            WHERE model = $2 AND digest IN ($3, $4) AND user_id > $5 ORDER BY user_id LIMIT $6
        ) p
        LEFT JOIN profile_vectors v ON v.user_id = p.user_id AND v.model = $1
        ORDER BY p.user_id
        """;

    // Of a vector of this package its user has no profile by it; of any other vector, its user has no profile at all.
    private const string IsOrphan = """
        NOT EXISTS (SELECT FROM profiles p WHERE p.user_id = v.user_id AND (v.model <> $1 OR p.model = $2 AND p.digest IN ($3, $4)))
        """;

    // A page of this table's users, and whether each has an orphan.
    private const string FindUsersPage = $"""
        SELECT u.user_id, EXISTS (SELECT FROM profile_vectors v WHERE v.user_id = u.user_id AND {IsOrphan})
        FROM (SELECT DISTINCT user_id FROM profile_vectors WHERE user_id > $5 ORDER BY user_id LIMIT $6) u
        ORDER BY u.user_id
        """;

    private const string DeleteOrphans = $"DELETE FROM profile_vectors v WHERE {IsOrphan} AND v.user_id = ANY($5)";

    private const string FindProfiles = """
        SELECT user_id, revision, vector FROM profiles
        WHERE model = $1 AND digest IN ($2, $3) AND user_id = ANY($4) AND octet_length(vector) = $5
        """;

    private Version? _version;
    private volatile bool _isOpen;

    /// <summary>Whether <see cref="OpenAsync"/> found an index to be supported.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Creates the table if it does not exist. Returns null, or why this Postgres does not support an index.</summary>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public async Task<string?> OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (await FindVersionAsync(connection, cancellationToken) is not { } version)
            return "this Postgres does not offer the extension vector (pgvector)";
        if (version < FirstWithHnsw)
            return $"its pgvector is {version}; HNSW came with {FirstWithHnsw}";
        try
        {
            if (!await IsTrueAsync(connection, HasTable, cancellationToken)) // a user without the right to create it can use it
                await CreateAsync(connection, cancellationToken);
            _isOpen = true;
            return null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"this user may not create the extension vector and the table profile_vectors ({e.MessageText}); "
                + "deploy/postgres/roles.sql, run by a superuser, gives it the right";
        }
    }

    /// <summary>Creates the extension if this Postgres offers it and this user may; if not, the start says so.</summary>
    public async Task CreateExtensionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (await FindVersionAsync(connection, cancellationToken) is null)
            return;
        try
        {
            await ExecuteAsync(connection, CreateExtension, cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
        }
    }

    /// <summary>
    /// Stores vectors of different users, each if it is finite, of the profile that is stored, and no newer one is here already. Returns
    /// how many were stored.
    /// </summary>
    public async Task<int> StoreAsync(IReadOnlyList<VectorRow> profiles, ModelStamp model, CancellationToken cancellationToken)
    {
        List<VectorRow> finite = [.. profiles.Where(p => VectorBytes.AreFinite(p.Vector))]; // pgvector refuses others
        if (finite.Count == 0)
            return 0;
        var stored = 0;
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        foreach (var few in finite.Chunk(RowsAtOnce))
            stored += await StoreAsync(connection, few, model, cancellationToken);
        return stored;
    }

    /// <summary>
    /// Returns the next profiles of this model in the order of user ids, each with its vector if the one in this table is older or missing.
    /// </summary>
    /// <param name="after">The last user id of the page before; empty for the first page.</param>
    public async Task<IReadOnlyList<(string UserId, long Revision, byte[]? Missing)>> FindPageAsync(
        ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(FindPage);
        NpgsqlParameter[] parameters = [Stamp(model), .. Package(model), Parameter(after), Parameter(count)];
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<(string, long, byte[]?)>(count);
        while (await reader.ReadAsync(cancellationToken))
            page.Add((reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2)));
        return page;
    }

    /// <summary>The vectors of the users' profiles as they are stored now.</summary>
    public async Task<IReadOnlyList<VectorRow>> FindProfilesAsync(
        VectorSpace space, IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(FindProfiles);
        NpgsqlParameter[] parameters = [.. Package(space.Model), Parameter<string[]>([.. userIds]), Parameter(space.Bytes)];
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<VectorRow>(userIds.Count);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new VectorRow(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return found;
    }

    /// <summary>
    /// Deletes the vectors of users up to these revisions, after their profiles; returns how many there were. Nobody stores vectors
    /// beside it, because one who had seen a profile before would store its vector afterwards.
    /// </summary>
    public async Task<int> DeleteAsync(string[] userIds, long[] floors, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        return await IsTrueAsync(connection, HasTable, cancellationToken)
            ? await DeleteAsync(connection, Delete, [Parameter(userIds), Parameter(floors)], cancellationToken)
            : 0;
    }

    /// <summary>
    /// Deletes vectors without a profile, among those of the next users of this table in the order of their ids: a deletion that followed
    /// the profiles' may have failed, or another package of the same name has replaced the profile.
    /// </summary>
    /// <param name="model">The package whose vectors need a profile by it; others need any profile.</param>
    /// <param name="after">The last user id of the page before; empty for the first page.</param>
    /// <returns>The last user id of the page; null if there are no further users.</returns>
    public async Task<string?> DeleteOrphansAsync(ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        var (last, orphans) = ((string?)null, new List<string>());
        await using (var command = new NpgsqlCommand(FindUsersPage, connection))
        {
            NpgsqlParameter[] parameters = [Stamp(model), .. Package(model), Parameter(after), Parameter(count)];
            command.Parameters.AddRange(parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                last = reader.GetString(0);
                if (reader.GetBoolean(1))
                    orphans.Add(last);
            }
        }

        if (orphans.Count > 0)
        {
            NpgsqlParameter[] parameters = [Stamp(model), .. Package(model), Parameter<string[]>([.. orphans])];
            await DeleteAsync(connection, DeleteOrphans, parameters, cancellationToken);
        }

        return last;
    }

    /// <summary>The rows of a user, by every model.</summary>
    public async Task<IReadOnlyList<IndexedVector>> FindOfUserAsync(string userId, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (!await IsTrueAsync(connection, HasTable, cancellationToken))
            return [];
        await using var command = new NpgsqlCommand(FindOfUser, connection);
        command.Parameters.Add(Parameter(userId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<IndexedVector>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new IndexedVector(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<float[]>(2)));
        return found;
    }

    /// <summary>
    /// Returns the users whose vectors are nearest to the given one, the nearest first, ties in the order of ids; null if the model has no
    /// valid index. An index is begun when the table has the vectors of all profiles, so that one that is valid finds them.
    /// </summary>
    /// <param name="count">Maximum number of users, at least 1.</param>
    public async Task<IReadOnlyList<SimilarUser>?> FindAsync(QueryVector sought, int count, CancellationToken cancellationToken)
    {
        var space = sought.Space;
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken); // SET LOCAL lasts until its end
        await using var batch = new NpgsqlBatch(connection, transaction);
        var candidates = Math.Clamp((int)(CandidatesPerResult * count), MinCandidates, MaxCandidates);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PgvectorIndexes.FindValidityOf(space)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Invariant($"SET LOCAL hnsw.ef_search = {candidates}")));
        if (_version >= FirstToGoOn)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL hnsw.iterative_scan = strict_order"));
        var distance = $"{PgvectorIndexes.VectorOf(space)} <=> {Invariant($"$1::vector({space.Dimension})")}";
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"SELECT user_id, 1 - ({distance}) FROM profile_vectors WHERE {PgvectorIndexes.IsOf(space)} ORDER BY {distance} LIMIT $2")
        {
            Parameters = { Parameter(Text(sought.Bytes)), Parameter(count + 1) }, // the user itself is one of them
        });
        var found = new List<SimilarUser>(count + 1);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken) || !reader.GetBoolean(0))
                return null;
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found.Add(new SimilarUser(reader.GetString(0), reader.GetDouble(1)));
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. found.Where(u => u.UserId != sought.UserId && !double.IsNaN(u.Similarity)) // NaN: a vector of zeros
            .OrderByDescending(u => u.Similarity).ThenBy(u => u.UserId, StringComparer.Ordinal).Take(count)];
    }

    private static async Task<int> DeleteAsync(
        NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken); // SET LOCAL lasts until its end
        await using var batch = new NpgsqlBatch(connection, transaction);
        string[] locks = [PostgresProfileDbContext.WaitBriefly, LockForRows, PostgresProfileDbContext.TakeErasureLock];
        foreach (var statement in locks)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        var delete = new NpgsqlBatchCommand(sql);
        delete.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(delete);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (int)delete.RecordsAffected;
    }

    private static async Task<int> StoreAsync(
        NpgsqlConnection connection, VectorRow[] profiles, ModelStamp model, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockForRows));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresProfileDbContext.ShareErasureLock));
        var upsert = new NpgsqlBatchCommand(Upsert);
        NpgsqlParameter[] parameters =
        [
            Stamp(model),
            .. Package(model),
            Parameter<string[]>([.. profiles.Select(p => p.UserId)]),
            Parameter<long[]>([.. profiles.Select(p => p.Revision)]),
            Parameter<string[]>([.. profiles.Select(p => Text(p.Vector))]),
        ];
        upsert.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(upsert);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (int)upsert.RecordsAffected;
    }

    /// <param name="seconds">Maximum duration; null for the connection's own.</param>
    internal static async Task ExecuteAsync(NpgsqlConnection connection, string sql, int? seconds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.CommandTimeout = seconds ?? command.CommandTimeout;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, sql, null, cancellationToken);

    private async Task<Version?> FindVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindExtension, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var text = reader.IsDBNull(0) ? reader.GetString(1) : reader.GetString(0);
        return _version = Version.TryParse(text, out var version) ? version : new Version(0, 0, 0);
    }

    private static async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Lock, cancellationToken);
        await ExecuteAsync(connection, OwnSchema.Use, cancellationToken);
        await ExecuteAsync(connection, Create, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static NpgsqlParameter Stamp(ModelStamp model) => Parameter(model.ToString());

    /// <summary>What identifies the profiles of a package: its id, its digest, and its digest by earlier versions of the service.</summary>
    private static NpgsqlParameter[] Package(ModelStamp model) =>
        [Parameter(model.Id), Parameter(model.Digest), Parameter(model.LegacyDigest ?? model.Digest)];

    private static NpgsqlParameter<T> Parameter<T>(T value) => new() { TypedValue = value };

    private static string Text(byte[] vector) =>
        $"[{string.Join(',', VectorBytes.ToFloats(vector).Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";
}
