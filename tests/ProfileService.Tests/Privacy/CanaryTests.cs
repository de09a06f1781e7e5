using System.Text;
using Npgsql;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Tests.Privacy;

/// <summary>A search by bytes for an erased user's id and texts, wherever a store keeps something.</summary>
public sealed class SqliteCanaryTests : ServiceToEraseFrom
{
    private readonly LogText _log = new();

    [Fact]
    public async Task NoFileHasAByteOfTheUserAndNoLogALine()
    {
        for (var round = 0; round < 4; round++) // rows are rewritten, and pages divided and joined, with the user's between them
        {
            await Service.AcceptAsync([.. Enumerable.Range(0, 300).Select(i => EventAt(-60 + round, $"other-{i % 150}") with { ItemId = $"{i}-{round}" })]);
            await FillAsync(Canary);
            await Service.AcceptAsync([.. Enumerable.Range(0, 40).Select(i => EventAt(-50 + (10 * round) + (i / 100.0), Canary) with { ItemId = $"{round}-{i}", Text = $"{Canary} wrote {new string('x', i)}" })]);
            await Service.FreshAsync(Canary);
        }

        await MergeVisitorAsync();
        Assert.NotEmpty(FilesWith(Canary));
        await DoneAsync((await EraseAsync(Canary)).GetProperty("receipt").GetString()!);
        Assert.Equal([], FilesWith(Canary));
        Assert.DoesNotContain(Canary, _log.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Where SQLite divides a page, the former keeps copies of the rows that moved; with many users, some are the erased ones'.</summary>
    [Fact]
    public async Task PagesThatWereDividedKeepNoCopyOfAnErasedUser()
    {
        var random = new Random(7);
        var users = Enumerable.Range(0, 200).Select(i => $"{Canary}-{i:000}").ToArray();
        for (var review = 0; review < 5; review++)
        {
            random.Shuffle(users);
            foreach (var some in users.Chunk(50))
                await Service.AcceptAsync([.. some.Select(user => EventAt(review - 60, user) with { ItemId = $"i{review}", Kind = "review", Text = $"{user} wrote {new string('w', random.Next(200))}" })]);
        }

        random.Shuffle(users);
        foreach (var user in users.Take(100))
            Assert.Equal(200, (await Service.PutAsync($"/v1/users/{user}/attributes", $$"""{ "a0": "{{user}} {{new string('v', random.Next(200))}}" }""")).Status);
        var ids = string.Join(',', users.Where(u => u[^1] % 2 == 0).Select(u => $"\"{u}\""));
        var erased = await Service.PostAsync("/v1/erasures", $$"""{"userIds":[{{ids}}]}""");
        Assert.Equal(202, erased.Status);
        await DoneAsync(erased.Json.GetProperty("receipt").GetString()!);
        Assert.Equal([], users.Where(u => u[^1] % 2 == 0 && FilesWith(u).Count > 0));
        Assert.NotEmpty(FilesWith(users.First(u => u[^1] % 2 == 1)));
    }

    private protected override Task<TestService> StartAsync() => Task.FromResult(TestService.With(_log, ("Windows:RememberSeen", "true")));

    private List<string> FilesWith(string text) =>
    [
        .. Directory.GetFiles(Service.DataFolder, "*", SearchOption.AllDirectories).Where(file => file[^5..] != ".lock")
            .Where(file => LiveFile.Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0).Select(Path.GetFileName).OfType<string>(),
    ];
}

/// <summary>As <see cref="SqliteCanaryTests"/>, in every key of Redis, every table of Postgres, and Redis's append-only files.</summary>
[Needs(Need.Server)]
public sealed class ServerCanaryTests(TestServers servers) : ServiceToEraseFrom
{
    private readonly LogText _log = new();
    private RedisServer? _redis;
    private string _redisString = "";
    private string _postgres = "";

    [Fact]
    public async Task NoKeyNoValueNoTableNoFileOfRedisAndNoLogHasTheUser()
    {
        await FillAsync(Canary);
        await FillAsync("somebody-else");
        await MergeVisitorAsync();
        Assert.NotEmpty(await KeysWithAsync(Canary));
        Assert.NotEmpty(await TablesWithAsync(Canary));
        Assert.NotEmpty(FilesWith(Canary));
        var receipt = (await EraseAsync(Canary)).GetProperty("receipt").GetString()!;
        Assert.Equal([], await KeysWithAsync(Canary));
        Assert.Equal([], await TablesWithAsync(Canary));
        Assert.DoesNotContain(Canary, _log.ToString(), StringComparison.Ordinal);
        await DoneAsync(receipt);
        Assert.Equal([], FilesWith(Canary));
        Assert.NotEmpty(await KeysWithAsync("somebody-else"));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _redis!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<TestService> StartAsync()
    {
        _redis = await RedisServer.StartInFolderAsync("--appendonly", "yes", "--appendfsync", "always", "--save", "3600 1");
        _redisString = _redis.TesterConnectionString(0);
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        _postgres = postgres.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!); // as superuser, who sees every table
        return TestService.With(
            _log,
            ("ConnectionStrings:Redis", _redis.ConnectionString(0)),
            ("ConnectionStrings:Postgres", database),
            ("Events:Archive", "Postgres"),
            ("Windows:RememberSeen", "true"));
    }

    private async Task<IReadOnlyList<string>> KeysWithAsync(string text)
    {
        using var redis = new RedisConnection(_redisString);
        var found = new List<string>();
        await foreach (var key in redis.Primaries[0].KeysAsync(0, "*"))
        {
            if (key.ToString().Contains(text, StringComparison.Ordinal) || (await ValuesAsync(redis.Database, key)).Any(v => Has(v, text)))
                found.Add(key!);
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

    private static bool Has(byte[] value, string text) => value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private async Task<IReadOnlyList<string>> TablesWithAsync(string text)
    {
        await using var postgres = PostgresConnection.Open(_postgres);
        var (tables, found) = (new List<string>(), new List<string>());
        await using (var command = postgres.CreateCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"))
        await using (var rows = await command.ExecuteReaderAsync(Token))
        {
            while (await rows.ReadAsync(Token))
                tables.Add(rows.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var command = postgres.CreateCommand($"SELECT count(*) FROM {table} t WHERE t::text LIKE $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = $"%{text}%" });
            if ((long)(await command.ExecuteScalarAsync(Token))! > 0)
                found.Add(table);
        }

        return found;
    }

    private List<string> FilesWith(string text) =>
    [
        .. Directory.GetFiles(_redis!.Folder, "*", SearchOption.AllDirectories)
            .Where(file => Has(LiveFile.Read(file), text)).Select(Path.GetFileName).OfType<string>(),
    ];
}
