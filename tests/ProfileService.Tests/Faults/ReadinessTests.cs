using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Redis.Append;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>
/// Readiness is red if and only if an event posted now would be refused, whatever the store's fault is, and green again when it is over.
/// </summary>
[Needs(Need.Server, Need.Process)]
public sealed partial class ReadinessTests
{
    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2); // less than a request may take

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Events get in, but nobody can be claimed: also between two tries the refresh is said to fail.</summary>
    [Fact]
    public async Task RefreshThatRedisRefusesIsDegradedUntilItGetsOn()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await RedisLine.SendAsync(redis.Port, "ACL SETUSER profiles -hset");
        await service.AcceptAsync(Event(1));
        await Eventually.IsTrueAsync(async () => await RefreshAsync(service) == "Degraded");
        for (var look = 0; look < 30; look++, await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Token))
            Assert.Equal("Degraded", await RefreshAsync(service));

        await RedisLine.SendAsync(redis.Port, RedisUsers.Restore);
        await Eventually.IsTrueAsync(async () => await RefreshAsync(service) == "Healthy");
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/profile")).Status);

        static async Task<string?> RefreshAsync(TestService service) =>
            (await service.Client.ReadyAsync(ready => ready.StatusOf("refresh") is not null)).StatusOf("refresh");
    }

    [Fact]
    public async Task RedisWhoseFileCannotBeWrittenIsRed()
    {
        await using var redis = await RedisServer.StartAsync("--save", "3600", "1", "--enable-protected-configs", "yes");
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await RedisLine.SendAsync(redis.Port, "CONFIG SET dir /proc");
        await RedisLine.SendAsync(redis.Port, "BGSAVE");
        await AgreeAsync(service, takesEvents: false);
        await RedisLine.SendAsync(redis.Port, "CONFIG SET stop-writes-on-bgsave-error no");
        await AgreeAsync(service, takesEvents: true);
    }

    [Fact]
    public async Task FailoverThatEventsFollowIsFollowedByReadiness()
    {
        await using var first = await RedisServer.StartAsync();
        await using var second = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{first.Port}");
        await Eventually.IsTrueAsync(async () => (await RedisLine.SendAsync(first.Port, "INFO replication")).Contains("state=online", StringComparison.Ordinal));
        using var service = new TestService(("ConnectionStrings:Redis", $"127.0.0.1:{first.Port},127.0.0.1:{second.Port},{RedisUsers.Service}"));
        await AgreeAsync(service, takesEvents: true);

        await first.KillAsync();
        await RedisLine.SendAsync(second.Port, "REPLICAOF NO ONE");
        await AgreeAsync(service, takesEvents: true);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/status")).Status == 200).WaitAsync(NoHang, TimeProvider.System, Token);
    }

    [Fact]
    public async Task ProbesLeaveNothingBehindThatLooksLikeAUser()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = TestService.WithoutWorker(("ConnectionStrings:Redis", redis.ConnectionString()));
        var before = await KeysAsync(redis);
        await Eventually.IsTrueAsync(async () =>
        {
            await service.GetAsync("/health/ready");
            return (await KeysAsync(redis)).Except(before).Count() == 2;
        });
        Assert.Equal(["{p000}:probe", "{p000}:probe-due"], (await KeysAsync(redis)).Except(before).Order());
        var status = await service.StatusWithAsync("users");
        Assert.Equal((true, 0, 0), (status.GetProperty("empty").GetBoolean(), status.GetProperty("due").GetInt32(), status.GetProperty("users").GetInt32()));
    }

    [Fact]
    public async Task KeyOfTheProbeThatIsOfAnotherKindIsNoReasonToBeRed()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await RedisLine.SendAsync(redis.Port, "RPUSH {p000}:probe x");
        await RedisLine.SendAsync(redis.Port, "RPUSH {p000}:probe-due x");
        await AgreeAsync(service, takesEvents: true);
    }

    /// <summary>What the probe leaves out, a server could refuse without it being seen.</summary>
    [Fact]
    public void ProbeHasEveryCommandOfAnAppend() =>
        Assert.Empty(Commands(RedisAppendScripts.Append + RedisAppendScripts.Commit).Except(Commands(RedisProbe.Script)));

    [Fact]
    public async Task ManyProbesAskRedisAboutOnceASecond()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = TestService.WithoutWorker(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.Client.ReadyAsync(200);
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => service.GetAsync("/health/ready")));
        var written = Regex.Match(await RedisLine.SendAsync(redis.Port, "INFO commandstats"), @"cmdstat_setrange:calls=(\d+)").Groups[1].Value;
        Assert.InRange(int.Parse(written, System.Globalization.CultureInfo.InvariantCulture), 1, 249); // not 500
    }

    [Theory]
    [InlineData("CONFIG SET appendonly no")]
    [InlineData("CONFIG SET maxmemory 1")]
    public async Task ServerIsNamedAsInTheConnectionString(string fault)
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        await redis.TellSettingsAsync();
        await RedisLine.SendAsync(redis.Port, fault);
        using var service = TestService.WithoutWorker(("ConnectionStrings:Redis", $"localhost:{redis.Port},{RedisUsers.Service}"));
        var named = new Regex($@"(^|\. )localhost:{redis.Port}\b");
        await service.Client.ReadyAsync(ready => named.IsMatch(ready.DescriptionOf("windows")));
    }

    [Fact]
    public async Task RedisThatDoesNotTellItsSettingsIsHealthyWhereTheOperatorKnowsThem()
    {
        await using var redis = await RedisServer.StartAsync(); // its user of the service may not ask
        using (var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString())))
        {
            var windows = (await service.Client.ReadyAsync("windows", "Degraded")).DescriptionOf("windows");
            Assert.Contains("Windows:DurabilityIsKnown", windows, StringComparison.Ordinal);
        }

        using var known = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()), ("Windows:DurabilityIsKnown", "true"));
        var ready = await known.Client.ReadyAsync("windows", "Healthy");
        Assert.DoesNotContain("null", ready.Body, StringComparison.Ordinal); // a check without anything to say says nothing
    }

    [Fact]
    public async Task AmissIsLoggedWhenItBeginsAndNotAtEachProbe()
    {
        using var data = new TempDirectory();
        await using var redis = await RedisServer.StartAsync();
        using var service = await ServiceProcess.StartAsync(data, $"--ConnectionStrings:Redis={redis.ConnectionString()}");
        for (var probed = 0; probed < 3; probed++)
            await ProbeAnewAsync(service, redis);
        await service.StopAsync(); // then its output is complete
        var said = Changes().Matches(service.Output).Select(change => change.Groups[1].Value).ToList();
        Assert.Contains("Degraded", said);
        Assert.DoesNotContain(said.Zip(said.Skip(1)), pair => pair.First == pair.Second); // a probe of a busy machine may be Unhealthy
        Assert.DoesNotContain("Microsoft.Extensions.Diagnostics", service.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ALTER SYSTEM SET default_transaction_read_only = on", "ALTER SYSTEM RESET default_transaction_read_only")]
    [InlineData("ALTER TABLE profiles_service.events RENAME TO events_away", "ALTER TABLE profiles_service.events_away RENAME TO events")]
    public async Task ArchiveThatRefusesEventsIsRed(string fault, string end)
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        using var service = new TestService(("ConnectionStrings:Postgres", database), ("Events:Archive", "Postgres"));
        await AgreeAsync(service, takesEvents: true);
        await ExecuteAsync(PostgresRoles.AsSuperuser(database), fault);
        await AgreeAsync(service, takesEvents: false);
        await ExecuteAsync(PostgresRoles.AsSuperuser(database), end);
        await AgreeAsync(service, takesEvents: true);
        await using var source = NpgsqlDataSource.Create(database);
        await using var count = source.CreateCommand("SELECT count(*) FROM events WHERE user_id = 'probe'");
        Assert.Equal(0L, await count.ExecuteScalarAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ArchiveThatIsGoneOrSilentIsRed(bool gone)
    {
        await using var postgres = await PostgresServer.StartAsync();
        postgres.MayHang = !gone;
        using var service = new TestService(("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()), ("Events:Archive", "Postgres"));
        await (gone ? postgres.StopAsync() : postgres.PauseAsync());
        await service.Client.ReadyAsync(503).WaitAsync(NoHang, TimeProvider.System, Token);
        await (gone ? postgres.StartAgainAsync() : postgres.ResumeAsync());
        await AgreeAsync(service, takesEvents: true);
    }

    [Fact]
    public async Task LockedFileOfWindowsIsRedAndNeverHangs()
    {
        using var service = new TestService();
        using (service.LockWindows())
        {
            var probes = Enumerable.Range(0, 50).Select(_ => service.GetAsync("/health/ready")).ToList();
            Assert.All(await Task.WhenAll(probes).WaitAsync(NoHang, TimeProvider.System, Token), p => Assert.Equal(503, p.Status));
        }

        await AgreeAsync(service, takesEvents: true);
    }

    [Fact]
    public async Task DamagedFileOfWindowsIsRed()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartAsync(data);
        Assert.Equal(202, (int)(await service.PostEventsAsync(Event(1).Json())).StatusCode);
        using (var connection = new SqliteConnection($"Data Source={data.File("windows.db")};Pooling=False"))
        {
            connection.Open();
            await service.Client.NobodyIsDueAsync();
            await Eventually.IsTrueAsync(() => Task.FromResult(Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is 0L)); // 1 beside others
            using (var file = File.OpenWrite(data.File("windows.db")))
            {
                file.Position = 4_096; // the first page, which names the tables, stays
                file.Write(Enumerable.Repeat((byte)0xA5, (int)file.Length - 4_096).ToArray());
            }

            Execute(connection, "PRAGMA user_version = 7"); // what the service has in memory is read anew
        }

        await AgreeAsync(service, takesEvents: false);
        await service.Client.ReadyAsync(ready => ready.DescriptionOf("windows").Contains("damaged", StringComparison.Ordinal));
    }

    /// <summary>As a full disk does: no file can grow.</summary>
    [Fact]
    public async Task FilesThatCannotGrowAreRedUntilTheyCan()
    {
        using var data = new TempDirectory();
        Signals.Ignore(UnixSignal.FileTooLarge); // as does the service, which this process starts
        using var service = await ServiceProcess.StartAsync(data);
        await AgreeAsync(service, takesEvents: true);
        await Tool.RunAsync("prlimit", "--pid", $"{service.Id}", "--fsize=0:");
        await AgreeAsync(service, takesEvents: false);
        await Tool.RunAsync("prlimit", "--pid", $"{service.Id}", "--fsize=unlimited:");
        await AgreeAsync(service, takesEvents: true);
    }

    internal static Task AgreeAsync(TestService service, bool takesEvents) => AgreeAsync(service.Client, takesEvents);

    private static Task AgreeAsync(ServiceProcess service, bool takesEvents) => AgreeAsync(service.Client, takesEvents);

    /// <summary>
    /// Waits until events are taken, or refused, and then until readiness says so too: within some probes of a second each.
    /// </summary>
    private static async Task AgreeAsync(HttpClient client, bool takesEvents)
    {
        var second = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            using var content = new StringContent(Event(second++, "agree").Json(), System.Text.Encoding.UTF8, "application/json");
            using var posted = await client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, Token);
            return (int)posted.StatusCode == (takesEvents ? 202 : 503);
        });
        await client.ReadyAsync(takesEvents ? 200 : 503).WaitAsync(NoHang, TimeProvider.System, Token);
    }

    /// <summary>Asks for readiness until the service has asked Redis again.</summary>
    private static async Task ProbeAnewAsync(ServiceProcess service, RedisServer redis)
    {
        await RedisLine.SendAsync(redis.Port, "CONFIG RESETSTAT");
        await Eventually.IsTrueAsync(async () =>
        {
            await service.Client.ReadyAsync(_ => true);
            return (await RedisLine.SendAsync(redis.Port, "INFO commandstats")).Contains("cmdstat_setrange", StringComparison.Ordinal);
        });
    }

    private static async Task<List<string>> KeysAsync(RedisServer redis) =>
        [.. (await RedisLine.SendAsync(redis.Port, "KEYS *")).Split("\r\n").Where(line => line.Contains(':', StringComparison.Ordinal))];

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        foreach (var statement in (string[])[sql, "SELECT pg_reload_conf()"])
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    /// <summary>The first column of what it returns.</summary>
    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static HashSet<string> Commands(string script) => [.. Command().Matches(script).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"p?call\('(\w+)'")]
    private static partial Regex Command();

    [GeneratedRegex(@"Health check windows is (\w+)")]
    private static partial Regex Changes();
}
