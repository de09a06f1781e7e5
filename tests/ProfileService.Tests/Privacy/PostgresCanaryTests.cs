using System.Text;
using Npgsql;

namespace ProfileService.Tests.Privacy;

/// <summary>
/// What Postgres's files keep of an erased user, and until when: each file below the data directory is searched for bytes of the id and
/// of a text that is too random to be compressed. docs/privacy.md has the same, for operators.
/// </summary>
[Needs(Need.Server)]
public sealed class PostgresCanaryTests(TestServers servers) : ServiceToEraseFrom
{
    private static readonly string Text = RandomText(new Random(5));

    private PostgresServer? _postgres;
    private string _record = "";

    [Fact]
    public async Task FilesKeepTheUserUntilTablesStatisticsAndLogAreWrittenAnew()
    {
        await FillAsync("a-before");
        await FillAsync("z-after");
        await FillAsync(Canary);
        await Service.AcceptAsync(EventAt(-0.5, Canary) with { ItemId = "long", Kind = "review", Text = Text });
        await MergeVisitorAsync();
        await ExecuteAsync("ANALYZE", "CHECKPOINT");
        Assert.Contains(await FileOfAsync("user_aliases"), FilesWith(Canary));
        var statistics = await FileOfAsync("pg_statistic");
        Assert.Contains(statistics, FilesWith(Canary));
        Assert.NotEmpty(FilesWith(Text[..40]));

        await DoneAsync((await EraseAsync(Canary)).GetProperty("receipt").GetString()!);
        await ExecuteAsync("VACUUM", "ANALYZE", "CHECKPOINT");
        Assert.Contains(FilesWith(Canary), file => file.StartsWith("pg_wal", StringComparison.Ordinal));
        // Vacuum has written nothing over what it freed.
        Assert.Contains(FilesWith(Canary), file => file.StartsWith("base", StringComparison.Ordinal) && file != statistics);

        await ExecuteAsync("VACUUM (FULL, ANALYZE) profiles, attributes, pending_erasures, user_aliases, profiles_service.events");
        Assert.Contains(FilesWith(Canary), file => file == statistics);
        await ExecuteAsync("VACUUM FULL pg_statistic", "SELECT pg_switch_wal()", "CHECKPOINT");
        Assert.Equal([], FilesWith(Canary));
        Assert.Equal([], FilesWith(Text[..40]));
        Assert.NotEmpty(FilesWith("a-before"));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _postgres!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        // Without autovacuum, so that what is done to the tables is the test's, and when.
        _postgres = await PostgresServer.StartInFolderAsync("autovacuum=off", "wal_recycle=off");
        _record = await _postgres.CreateDatabaseAsync();
        return new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", _record),
            ("Events:Archive", "Postgres"));
    }

    // Characters of 64, so that hardly any three of them come twice, which is what Postgres's compression looks for.
    private static string RandomText(Random random)
    {
        var bytes = new byte[3_000];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private async Task ExecuteAsync(params string[] statements)
    {
        foreach (var statement in statements)
            await PostgresRoles.ExecuteAsync(_record, statement);
    }

    private async Task<string> FileOfAsync(string table)
    {
        await using var connection = new NpgsqlConnection(PostgresRoles.AsSuperuser(_record));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("SELECT pg_relation_filepath($1::regclass)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        return (string)(await command.ExecuteScalarAsync(Token))!;
    }

    private List<string> FilesWith(string text) =>
    [
        .. Directory.GetFiles(_postgres!.Folder, "*", SearchOption.AllDirectories).Where(file => LiveFile.Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)
            .Select(file => Path.GetRelativePath(_postgres.Folder, file)),
    ];
}
