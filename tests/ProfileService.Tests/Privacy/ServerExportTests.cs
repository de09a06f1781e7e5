using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Tests.Privacy;

/// <summary>Windows in Redis, all else in Postgres, with the archive and a table as that of pgvector.</summary>
[Needs(Need.Server)]
public sealed partial class ServerExportTests(TestServers servers) : ExportContract
{
    // As pgvector's, whose vectors cast to real[], too.
    private const string Vectors = """
        CREATE TABLE profile_vectors (
            user_id text COLLATE "C", model text COLLATE "C", revision bigint, vector real[], PRIMARY KEY (user_id, model));
        GRANT ALL ON profile_vectors TO PUBLIC
        """;

    private const string Tables = """
        SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
            AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
        """;

    private string _redis = "";
    private string _database = "";
    private string _postgres = "";

    private protected override IReadOnlyList<string> ExpectedPlaces =>
    [
        "attributes", "audit_log", "erased_users", "events", "pending_erasures", "profile_vectors", "profiles", "purposes",
        "{p}:claims", "{p}:due", "{p}:erased", "{p}:leases", "{p}:profile:", "{p}:seen:", "{p}:w:",
    ];

    [Fact]
    public async Task ArchiveOfAnyLengthIsStreamedAsItWasWhenTheExportBegan()
    {
        await Service.AcceptAsync(EventAt(-1, Canary));
        await ExecuteAsync(_database, $"""
            INSERT INTO events (archived_at, user_id, kind, item_id, "timestamp", text)
            SELECT now(), '{Canary}', 'review', 'i' || i, now() - i * interval '1 second', repeat('x', 1000)
            FROM generate_series(1, 20000) i
            """);
        using var response = await Service.Client.GetAsync($"/v1/users/{Canary}/export", HttpCompletionOption.ResponseHeadersRead, Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"archivedEvents\":20001", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
        await ExecuteAsync(_database, "DELETE FROM events"); // as an erasure does
        var rest = (await lines.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(20_001, rest.Count(line => line.StartsWith("{\"section\":\"archivedEvents\"", StringComparison.Ordinal)));
        Assert.Equal($$"""{"section":"end","lines":{{rest.Length - 1}}}""", rest[^1]);
    }

    private protected override async Task<TestService> StartAsync()
    {
        var (redis, postgres) = (await servers.RedisAsync(), await servers.PostgresAsync());
        var (number, database) = (redis.TakeDatabase(), await postgres.CreateDatabaseAsync());
        _database = database;
        _redis = redis.TesterConnectionString(number);
        _postgres = postgres.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!); // as superuser, who sees every table
        await AddTableAsync(Vectors);
        return TestService.Without(
            Workers,
            ("ConnectionStrings:Redis", redis.ConnectionString(number)),
            ("ConnectionStrings:Postgres", database),
            ("Events:Archive", "Postgres"),
            ("Windows:RememberSeen", "true"));
    }

    private protected override Task AddTableAsync(string sql) => ExecuteAsync(_postgres, sql);

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var postgres = PostgresConnection.Open(database);
        await using var command = postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private protected override async Task<IReadOnlyDictionary<string, long>> FindPlacesAsync()
    {
        await AddTableAsync($"INSERT INTO profile_vectors VALUES ('{Canary}', 'm@d', 1, '{{0.5,0.25}}') ON CONFLICT DO NOTHING");
        var places = await TablesAsync();
        foreach (var key in await KeysAsync())
            places[key] = places.GetValueOrDefault(key) + 1;
        return places;
    }

    /// <summary>Keys without the number of the partition and what follows the last colon that every such key has.</summary>
    private async Task<List<string>> KeysAsync()
    {
        using var redis = new RedisConnection(_redis);
        var found = new List<string>();
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, "*"))
        {
            if (HasUser(Encoding.UTF8.GetBytes(key!)) || (await ValuesAsync(redis.Database, key)).Any(HasUser))
                found.Add(Key().Match(key!) is { Success: true } match ? $"{{p}}:{match.Groups[1].Value}" : key!);
        }

        return found;
    }

    private bool HasUser(byte[] value) =>
        value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0 || value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(HashOf(Canary))) >= 0;

    private async Task<Dictionary<string, long>> TablesAsync()
    {
        await using var postgres = PostgresConnection.Open(_postgres);
        var (tables, found) = (new List<string>(), new Dictionary<string, long>());
        await using (var command = postgres.CreateCommand(Tables))
        await using (var rows = await command.ExecuteReaderAsync(Token))
        {
            while (await rows.ReadAsync(Token))
                tables.Add(rows.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var command = postgres.CreateCommand($"SELECT count(*) FROM {table} t WHERE t::text LIKE $1 OR t::text LIKE $2");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{Canary}%" });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{HashOf(Canary)}%" });
            if ((long)(await command.ExecuteScalarAsync(Token))! is > 0 and var rows)
                found.Add(table[(table.IndexOf('.', StringComparison.Ordinal) + 1)..], rows);
        }

        return found;
    }

    private static async Task<IEnumerable<byte[]>> ValuesAsync(IDatabase redis, RedisKey key) => await redis.KeyTypeAsync(key) switch
    {
        RedisType.None => [], // it has just expired
        RedisType.String => [(byte[])(await redis.StringGetAsync(key))!],
        RedisType.Hash => (await redis.HashGetAllAsync(key)).SelectMany(e => (byte[][])[(byte[])e.Name!, (byte[])e.Value!]),
        RedisType.SortedSet => (await redis.SortedSetRangeByRankAsync(key)).Select(v => (byte[])v!),
        var other => throw new NotSupportedException($"A key of type {other} is not searched."),
    };

    [GeneratedRegex(@"^\{p\d+\}:(w:|seen:|profile:|[^:]+$)")]
    private static partial Regex Key();
}
