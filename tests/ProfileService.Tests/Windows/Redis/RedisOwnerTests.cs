using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Platform;
using ProfileService.Windows.Redis;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>Redis whose profiles are in SQLite belongs to one process.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class RedisOwnerTests(TestServers servers) : IDisposable
{
    private const string Waiting = "in case that process has died";

    private readonly TempDirectory _first = new();
    private readonly TempDirectory _second = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("All")]
    [InlineData("Api")]
    public async Task SecondProcessIsRefusedUntilTheFirstStops(string role)
    {
        var redis = await RedisAsync();
        using var first = await ServiceProcess.StartAsync(_first, redis);
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_second, Repository.TinyPackage, redis, $"--Hosting:Role={role}");
        Assert.Equal(1, exitCode);
        Assert.Contains(Waiting, output, StringComparison.Ordinal);
        var reason = output[output.IndexOf("The service cannot start:", StringComparison.Ordinal)..];
        Assert.Contains($"process {first.Id} on {Environment.MachineName}", reason, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Postgres", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        await first.Client.ReadyAsync("owner", "Healthy");

        Assert.Equal(0, await first.StopAsync());
        using var second = await ServiceProcess.StartAsync(_second, redis, $"--Hosting:Role={role}");
        Assert.DoesNotContain(Waiting, second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessAfterOneThatWasKilledStartsWhenTheLeaseHasEnded()
    {
        var redis = await RedisAsync();
        using (var first = await ServiceProcess.StartAsync(_first, redis))
            await first.KillAsync();
        using var again = await ServiceProcess.StartAsync(_first, redis); // it waits for what is left of the lease then, if anything
        Assert.Equal(202, (int)(await again.PostEventsAsync(Event().Json())).StatusCode);
        Assert.Contains("\"stale\":false", await again.GetAsync("/v1/users/u1/profile?fresh=true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnerThatWasPausedClaimsNobodyUntilTheWindowsAreItsOwnAgain()
    {
        var server = await servers.RedisAsync();
        using var redis = new RedisConnection(server.ConnectionString(server.TakeDatabase()));
        var time = new FakeTimeProvider(Start);
        var (owner, other) = (new RedisOwner(redis, time), new RedisOwner(redis, new FakeTimeProvider(Start.AddSeconds(1))));
        using var stores = TestStores.OwnedRedis(redis, time, owner);
        await stores.Windows.AppendAsync([Event(1, "u1"), Event(1, "u2")], Token);
        Assert.False(await ClaimsAsync("u1"));
        Assert.Null(await owner.TakeAsync());
        Assert.True(await ClaimsAsync("u1"));

        time.Advance(RedisOwner.Lease);
        Assert.False(await ClaimsAsync("u2"));
        await redis.Database.KeyDeleteAsync("profiles:owner"); // as Redis does when the lease ends
        Assert.Null(await other.TakeAsync());
        Assert.NotNull(await owner.TakeAsync());
        Assert.False(await ClaimsAsync("u2"));
        Assert.Equal(HealthStatus.Unhealthy, (await owner.CheckHealthAsync(new(), Token)).Status);

        await owner.GiveBackAsync(); // what is not its own stays
        Assert.NotNull(await owner.TakeAsync());
        await other.GiveBackAsync();
        Assert.Null(await owner.TakeAsync());
        Assert.True(await ClaimsAsync("u2"));
        Assert.Equal(HealthStatus.Healthy, (await owner.CheckHealthAsync(new(), Token)).Status);

        async Task<bool> ClaimsAsync(string user)
        {
            var lease = TimeSpan.FromMinutes(1);
            var claim = await stores.Queue.ClaimAsync(user, lease, Token);
            if (claim is null)
                Assert.Empty(await stores.Queue.ClaimDueAsync(10, lease, Token));
            return claim is not null;
        }
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private async Task<string> RedisAsync()
    {
        var server = await servers.RedisAsync();
        return $"--ConnectionStrings:Redis={server.ConnectionString(server.TakeDatabase())}";
    }
}
