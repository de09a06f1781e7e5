using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>Postgres whose windows are in SQLite belongs to one process.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class DatabaseOwnerTests(TestServers servers) : IDisposable
{
    private const string Waiting = "in case that process has died";
    private const string Advice = "Set ConnectionStrings:Redis for several processes, or stop the other.";

    private readonly TempDirectory _first = new();
    private readonly TempDirectory _second = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SecondProcessDoesNotStartUntilTheFirstStops()
    {
        var postgres = $"--ConnectionStrings:Postgres={await (await servers.PostgresAsync()).CreateDatabaseAsync()}";
        using (var first = await ServiceProcess.StartAsync(_first, postgres))
        {
            var (exitCode, output) = await ServiceProcess.StartInVainAsync(_second, Repository.TinyPackage, postgres);
            Assert.Equal(1, exitCode);
            Assert.Contains(Waiting, output, StringComparison.Ordinal);
            var reason = output[output.IndexOf("The service cannot start:", StringComparison.Ordinal)..];
            Assert.Contains(_first.Path, reason, StringComparison.Ordinal);
            Assert.Contains(Advice, reason, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
            await first.Client.ReadyAsync("owner", "Healthy");
            await first.KillAsync();
        }

        using var again = await ServiceProcess.StartAsync(_first, postgres); // on the same folder: at once
        Assert.DoesNotContain(Waiting, again.Output, StringComparison.Ordinal);
        Assert.Equal(0, await again.StopAsync());
        using var second = await ServiceProcess.StartAsync(_second, postgres);
        Assert.DoesNotContain(Waiting, second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessThatWasPausedIsNotReadyWhileAnotherUsesTheDatabase()
    {
        await using var services = await ServicesAsync();
        using var folders = new Folders(_first, _second);
        var (paused, other) = (Owner(services, folders.One), Owner(services, folders.Other));
        Assert.Null(await paused.TakeAsync(1, Token));
        Assert.Equal(paused.Process, (await other.TakeAsync(0, Token))!.Process);

        await AgeAsync(services);
        Assert.Null(await other.TakeAsync(2, Token));
        Assert.Equal(other.Process, (await paused.TakeAsync(3, Token))!.Process);
        var health = await paused.CheckHealthAsync(new(), Token);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(Advice, health.Description!, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await other.CheckHealthAsync(new(), Token)).Status);

        await AgeAsync(services);
        Assert.Null(await paused.TakeAsync(3, Token));
        Assert.Equal(HealthStatus.Healthy, (await paused.CheckHealthAsync(new(), Token)).Status);
        await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal(3, (await db.ErasureWatchers.AsNoTracking().SingleAsync(w => w.Process == paused.Process, Token)).Sequence);
    }

    [Fact]
    public async Task StartWaitsUntilTheRecordOfADeadProcessIsTooOld()
    {
        await using var services = await ServicesAsync();
        var (time, logger) = (new FakeTimeProvider(), new FakeLogger<DatabaseOwnerStart>());
        using var folders = new Folders(_first, _second);
        Assert.Null(await Owner(services, folders.One).TakeAsync(0, Token));
        var start = new DatabaseOwnerStart(Owner(services, folders.Other), time, logger).StartAsync(Token);
        await Eventually.IsTrueAsync(() => Task.FromResult(logger.Collector.Count > 0));
        Assert.Contains(Waiting, logger.LatestRecord.Message, StringComparison.Ordinal);
        Assert.False(start.IsCompleted);
        await AgeAsync(services);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(start.IsCompleted);
        });
        await start;
    }

    [Fact]
    public async Task OfProcessesThatStartAtOnceOneHasTheDatabase()
    {
        await using var services = await ServicesAsync();
        using var folders = new Folders(_first, _second);
        DatabaseOwner[] owners = [Owner(services, folders.One), Owner(services, folders.Other)];
        var taken = await Task.WhenAll(owners.Select(o => Task.Run(() => o.TakeAsync(0, Token))));
        Assert.Single(taken, (ErasureWatcher?)null);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static DatabaseOwner Owner(IServiceProvider services, StoredFiles folder) =>
        new(services.GetRequiredService<IDbContextFactory<ProfileDbContext>>(), folder, NullLogger<DatabaseOwner>.Instance);

    private static async Task AgeAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlAsync($"UPDATE erasure_watchers SET seen_at = seen_at - {ErasureWatch.LongestSilence}", Token);
    }

    private async Task<ServiceProvider> ServicesAsync() =>
        PostgresRoles.Services(await (await servers.PostgresAsync()).CreateDatabaseAsync());

    private sealed class Folders(TempDirectory one, TempDirectory other) : IDisposable
    {
        public StoredFiles One { get; } = Of(one);

        public StoredFiles Other { get; } = Of(other);

        public void Dispose()
        {
            One.Dispose();
            Other.Dispose();
        }

        private static StoredFiles Of(TempDirectory folder) => new(
            Options.Create(new DataOptions { Directory = folder.Path }), TimeProvider.System, NullLogger<StoredFiles>.Instance);
    }
}
