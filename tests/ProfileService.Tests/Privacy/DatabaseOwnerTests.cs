using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

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
        var time = new FakeTimeProvider(Start);
        using var folders = new Folders(_first, _second);
        var (paused, other) = (Owner(services, folders.One, time), Owner(services, folders.Other, time));
        Assert.Null(await paused.TakeAsync(1, Token));
        Assert.Equal(paused.Process, (await other.TakeAsync(0, Token))!.Process);

        time.Advance(ErasureWatch.LongestSilence + TimeSpan.FromSeconds(1));
        Assert.Null(await other.TakeAsync(2, Token));
        Assert.Equal(other.Process, (await paused.TakeAsync(3, Token))!.Process);
        var health = await paused.CheckHealthAsync(new(), Token);
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains(Advice, health.Description!, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Healthy, (await other.CheckHealthAsync(new(), Token)).Status);

        time.Advance(ErasureWatch.LongestSilence + TimeSpan.FromSeconds(1));
        Assert.Null(await paused.TakeAsync(3, Token));
        Assert.Equal(HealthStatus.Healthy, (await paused.CheckHealthAsync(new(), Token)).Status);
        await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal(3, (await db.ErasureWatchers.AsNoTracking().SingleAsync(w => w.Process == paused.Process, Token)).Sequence);
    }

    [Fact]
    public async Task StartWaitsUntilTheRecordOfADeadProcessIsTooOld()
    {
        await using var services = await ServicesAsync();
        var time = new FakeTimeProvider(Start);
        using var folders = new Folders(_first, _second);
        Assert.Null(await Owner(services, folders.One, time).TakeAsync(0, Token));
        var start = new DatabaseOwnerStart(Owner(services, folders.Other, time), time, NullLogger<DatabaseOwnerStart>.Instance).StartAsync(Token);
        Assert.False(start.IsCompleted);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(start.IsCompleted);
        });
        await start;
        Assert.True(time.GetUtcNow() - Start > ErasureWatch.LongestSilence);
    }

    /// <summary>The clock of the process that died was years ahead. The start waits no longer, and is ready afterwards.</summary>
    [Fact]
    public async Task RecordThatIsAheadOfTheClockIsNoProcessOnceItIsNotRenewed()
    {
        await using var services = await ServicesAsync();
        var (ahead, time) = (new FakeTimeProvider(Start.AddYears(10)), new FakeTimeProvider(Start));
        using var folders = new Folders(_first, _second);
        Assert.Null(await Owner(services, folders.One, ahead).TakeAsync(0, Token));
        var owner = Owner(services, folders.Other, time);
        var start = new DatabaseOwnerStart(owner, time, NullLogger<DatabaseOwnerStart>.Instance).StartAsync(Token);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(start.IsCompleted);
        });
        await start;
        Assert.InRange(time.GetUtcNow() - Start, ErasureWatch.LongestSilence, TimeSpan.FromDays(365));
        Assert.Null(await owner.TakeAsync(0, Token));
        Assert.Equal(HealthStatus.Healthy, (await owner.CheckHealthAsync(new(), Token)).Status);
    }

    [Fact]
    public async Task OfProcessesThatStartAtOnceOneHasTheDatabase()
    {
        await using var services = await ServicesAsync();
        var time = new FakeTimeProvider(Start);
        using var folders = new Folders(_first, _second);
        DatabaseOwner[] owners = [Owner(services, folders.One, time), Owner(services, folders.Other, time)];
        var taken = await Task.WhenAll(owners.Select(o => Task.Run(() => o.TakeAsync(0, Token))));
        Assert.Single(taken, (ErasureWatcher?)null);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static DatabaseOwner Owner(IServiceProvider services, StoredFiles folder, TimeProvider time) =>
        new(services.GetRequiredService<IDbContextFactory<ProfileDbContext>>(), folder, time, NullLogger<DatabaseOwner>.Instance);

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
