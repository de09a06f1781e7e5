namespace ProfileService.Tests.Faults;

/// <summary>Services and servers that die while 10,000 events are replayed into two replicas.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class ReplicaFaultTests(TestServers servers)
{
    private const int Events = 10_000;
    private const int Users = 200;

    [Fact]
    public async Task KilledReplicaLosesNothingThatItAcknowledgedAndTheOtherRefreshesItsUsers()
    {
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        var events = FaultEvents.Of(Events, Users, seed: 1);
        using var replicas = await ReplicaSet.StartAsync(2, Settings(redis.ConnectionString(redis.TakeDatabase()), postgres));
        await using var revisions = await RevisionWatch.StartAsync(postgres);

        var killed = new TaskCompletionSource();
        var replay = replicas.ReplayAsync(events, killed.Task);
        await replicas.UntilAcknowledgedAsync(Events / 3);
        await replicas.Services[0].KillAsync();
        killed.SetResult();
        await replay;
        await ReplicaSet.HasAllOfAsync(replicas.Services[1], events);
    }

    [Fact]
    public async Task KilledServersLoseNothingAndTheServicesRecoverByThemselves()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await postgres.CreateDatabaseAsync();
        var events = FaultEvents.Of(Events, Users, seed: 2);
        using var replicas = await ReplicaSet.StartAsync(2, Settings(redis.ConnectionString(), database));
        await using var revisions = await RevisionWatch.StartAsync(database);

        var killed = new TaskCompletionSource();
        var replay = replicas.ReplayAsync(events, killed.Task);
        await replicas.UntilAcknowledgedAsync(Events / 5);
        await redis.KillAsync();
        await redis.StartAgainAsync();
        await replicas.UntilAcknowledgedAsync(Events / 2);
        await postgres.KillAsync();
        await postgres.StartAgainAsync();
        killed.SetResult();
        await replay;
        foreach (var service in replicas.Services)
        {
            await ReplicaSet.HasAllOfAsync(service, events);
            await service.Client.ReadyAsync(200);
        }
    }

    private static string[] Settings(string redis, string postgres) =>
        [$"--ConnectionStrings:Redis={redis}", $"--ConnectionStrings:Postgres={postgres}", "--Refresh:Lease=00:00:02"];
}
