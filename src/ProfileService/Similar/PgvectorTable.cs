using System.Globalization;
using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// The table <c>profile_vectors</c> in a Postgres with pgvector: the vectors of the profiles in a form that an HNSW index can hold, one partial index for each
/// model, so that vectors of two models are never compared. Filled behind the profiles, for an insert into such an index takes milliseconds.
/// </summary>
internal sealed class PgvectorTable(NpgsqlDataSource postgres)
{
    /// <summary>An HNSW index of pgvector holds no vector longer than that.</summary>
    public const int MaxDimension = 2_000;

    private const int MostCandidates = 1_000; // hnsw.ef_search goes no higher
    private const int LeastCandidates = 100;
    private const double CandidatesPerResult = 2;
    private const int BuildSeconds = 24 * 60 * 60;

    private static readonly Version FirstWithHnsw = new(0, 5, 0);
    private static readonly Version FirstToGoOn = new(0, 8, 0); // hnsw.iterative_scan, for more results than candidates

    // Taken by whoever changes the table; any number that others do not take. This one reads "Vectors".
    private const string Lock = "SELECT pg_advisory_xact_lock(x'566563746f7273'::bigint)";

    private const string FindExtension = "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'";

    private const string Create = """
        CREATE EXTENSION IF NOT EXISTS vector;
        CREATE TABLE IF NOT EXISTS profile_vectors (
            user_id text COLLATE "C" NOT NULL,
            model text COLLATE "C" NOT NULL,
            revision bigint NOT NULL,
            vector vector NOT NULL,
            PRIMARY KEY (user_id, model)
        )
        """;

    private const string HasTable = "SELECT to_regclass('profile_vectors') IS NOT NULL";

    private const string Upsert = """
        INSERT INTO profile_vectors (user_id, model, revision, vector)
        SELECT p.user_id, $1, p.revision, p.vector::vector FROM unnest($2, $3, $4) AS p (user_id, revision, vector)
        ORDER BY p.user_id COLLATE "C"
        ON CONFLICT (user_id, model) DO UPDATE SET revision = excluded.revision, vector = excluded.vector
        WHERE excluded.revision >= profile_vectors.revision
        """;

    // A page of the profiles in the order of their key, each with whether its vector stands.
    private const string FindPage = """
        SELECT p.user_id, p.revision, CASE WHEN v.revision >= p.revision THEN NULL ELSE p.vector END
        FROM (SELECT user_id, revision, vector FROM profiles WHERE model = $1 AND digest = $2 AND user_id > $3 ORDER BY user_id LIMIT $4) p
        LEFT JOIN profile_vectors v ON v.user_id = p.user_id AND v.model = $5
        ORDER BY p.user_id
        """;

    private Version? _version;
    private volatile bool _isOpen;

    /// <summary>Whether <see cref="OpenAsync"/> found what an index takes.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Why there can be no index in this Postgres, or null where there is what it takes; then the table stands.</summary>
    /// <exception cref="NpgsqlException">The server cannot be asked.</exception>
    public async Task<string?> OpenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (await FindVersionAsync(connection, cancellationToken) is not { } version)
            return "this Postgres does not offer the extension vector (pgvector)";
        if (version < FirstWithHnsw)
            return $"its pgvector is {version}; HNSW came with {FirstWithHnsw}";
        try
        {
            if (!await IsTrueAsync(connection, HasTable, cancellationToken)) // who finds it needs no right to create it
                await CreateAsync(connection, cancellationToken);
            _isOpen = true;
            return null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return $"this user may not create the extension vector and the table profile_vectors ({e.MessageText}); let one who may run --migrate-only once";
        }
    }

    /// <summary>Stores vectors of different users, each only where no later revision stands.</summary>
    public async Task StoreAsync(IReadOnlyList<VectorRow> profiles, ModelStamp model, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(Upsert);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.ToString() });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. profiles.Select(p => p.UserId)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. profiles.Select(p => p.Revision)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. profiles.Select(p => Text(VectorBytes.ToFloats(p.Vector)))] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The profiles by this model after a user, by id; of each whose vector here is behind, the vector.</summary>
    public async Task<IReadOnlyList<(string UserId, long Revision, byte[]? Missing)>> FindPageAsync(ModelStamp model, string after, int count, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(FindPage);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.Digest });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.ToString() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<(string, long, byte[]?)>(count);
        while (await reader.ReadAsync(cancellationToken))
            page.Add((reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2)));
        return page;
    }

    public async Task<bool> HasIndexAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        return await IsTrueAsync(connection, $"SELECT to_regclass('{IndexOf(space)}') IS NOT NULL", cancellationToken);
    }

    /// <summary>Builds the model's index where there is none; the writers of the table, which are the workers alone, wait meanwhile.</summary>
    public async Task CreateIndexAsync(VectorSpace space, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, Lock, cancellationToken);
        await ExecuteAsync(connection, $"CREATE INDEX IF NOT EXISTS {IndexOf(space)} ON profile_vectors USING hnsw (({VectorOf(space)}) vector_cosine_ops) WHERE {IsOf(space)}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Users near a vector, the nearest first, of equals by id.</summary>
    /// <param name="count">How many, from 1.</param>
    public async Task<IReadOnlyList<SimilarUser>> FindAsync(Profile profile, int count, CancellationToken cancellationToken)
    {
        var space = profile.Space;
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken); // within which the settings hold
        await using var batch = new NpgsqlBatch(connection, transaction);
        var candidates = Math.Clamp((int)(CandidatesPerResult * count), LeastCandidates, MostCandidates);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL hnsw.ef_search = {candidates}")));
        if (_version >= FirstToGoOn)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL hnsw.iterative_scan = strict_order"));
        var wanted = string.Create(CultureInfo.InvariantCulture, $"$1::vector({space.Dimension})");
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"SELECT user_id, 1 - ({VectorOf(space)} <=> {wanted}) FROM profile_vectors WHERE {IsOf(space)} ORDER BY {VectorOf(space)} <=> {wanted} LIMIT $2")
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = Text(VectorBytes.ToFloats(profile.Vector)) },
                new NpgsqlParameter<int> { TypedValue = count + 1 }, // the user itself is among them
            },
        });
        var found = new List<SimilarUser>(count + 1);
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                found.Add(new SimilarUser(reader.GetString(0), reader.GetDouble(1)));
        }

        await transaction.CommitAsync(cancellationToken);
        return [.. found.Where(u => u.UserId != profile.UserId && !double.IsNaN(u.Similarity)) // no number: a vector of zeros
            .OrderByDescending(u => u.Similarity).ThenBy(u => u.UserId, StringComparer.Ordinal).Take(count)];
    }

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
        await ExecuteAsync(connection, Create, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = BuildSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // A model's stamp has letters, digits, dots, dashes, underscores, a slash and an @ (ModelManifest.Problem), so that it can stand in a statement: an index is
    // found by a condition that is the same text, which a parameter is not. The dimension lets Postgres cast what it reads.
    private static string IsOf(VectorSpace space) => string.Create(CultureInfo.InvariantCulture, $"model = '{space.Model}' AND vector_dims(vector) = {space.Dimension}");

    private static string VectorOf(VectorSpace space) => string.Create(CultureInfo.InvariantCulture, $"vector::vector({space.Dimension})");

    private static string IndexOf(VectorSpace space) => string.Create(CultureInfo.InvariantCulture, $"profile_vectors_{StableHash.Of(space.Model.ToString()):x16}_{space.Dimension}");

    private static string Text(float[] vector) => $"[{string.Join(',', vector.Select(x => x.ToString("R", CultureInfo.InvariantCulture)))}]";
}
