using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Tests.Model;
using ProfileService.Tests.Windows;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Refresh;

/// <summary>An activation that fails, or that is stopped before every user is due; with a clock of the test's own.</summary>
public sealed class InterruptedMarkingTests : IDisposable
{
    private static readonly ModelStamp Model = TestModels.Tiny;
    private static readonly ModelStamp Other = new("other/1", "d");

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly ServiceProvider _services;
    private readonly TestStores _stores;
    private readonly ProfileStore _profiles;
    private readonly ModelRegistry _registry;

    public InterruptedMarkingTests()
    {
        _services = new ServiceCollection().AddSqliteProfiles(_ => _directory.File("profiles.db")).BuildServiceProvider();
        using (var db = _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext())
            db.Database.Migrate();
        _profiles = _services.GetRequiredService<ProfileStore>();
        _stores = TestStores.Sqlite(_directory.File("windows.db"), _time);
        var models = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
        models.Activate(Repository.TinyPackage);
        _registry = new ModelRegistry(models, NullLogger<ModelRegistry>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessThatRunsWithTheModelMakesEveryUserDue()
    {
        await ActivateAsync(Model);
        using var worker = Worker(_stores.Queue);
        await worker.StartAsync(Token);
        await worker.StartedAsync(Token);
        await ActivateAsync(Other);
        await UntilAsync(() => _registry.Status == ModelStatus.Superseded);
        await _stores.Windows.AppendAsync([Event(1)], Token);
        await _stores.Queue.SettleAsync(await _stores.Queue.ClaimDueAsync(1, TimeSpan.FromDays(1), Token), Token); // refreshed by the other model

        await _profiles.BeginServingAsync(Model, isFirst: false, Token); // and its process is stopped
        await UntilAsync(() => _registry.IsActive);
        await UntilAsync(async () => await _profiles.FindServedModelAsync(Token) == Model.ToString());
        Assert.Equal(1, await _stores.Queue.CountDueAsync(Token));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task MarkingEndsWhenAnotherModelIsActivated()
    {
        await ActivateAsync(Other);
        var queue = new EndlessMarking();
        using var worker = Worker(queue);
        await worker.StartAsync(Token);
        await worker.StartedAsync(Token);
        await _profiles.BeginServingAsync(Model, isFirst: false, Token);
        await UntilAsync(() => queue.IsMarking);
        await ActivateAsync(Other);
        await UntilAsync(() => !queue.IsMarking);
        await UntilAsync(() => !_registry.IsActive);
        Assert.Equal(Other.ToString(), await _profiles.FindServedModelAsync(Token));

        await _profiles.BeginServingAsync(Model, isFirst: false, Token); // again
        await UntilAsync(() => queue.IsMarking);
        await worker.StopAsync(Token);
        Assert.Equal(ServedModel.MarkingOf(Model), await _profiles.FindServedModelAsync(Token));
    }

    [Fact]
    public async Task ProcessThatCannotActivateItsModelIsDegradedUntilItDoes()
    {
        Execute("ALTER TABLE served_stamps RENAME TO away");
        using var worker = Worker(_stores.Queue);
        await worker.StartAsync(Token);
        await worker.StartedAsync(Token);
        var check = await new ModelHealth(_registry).CheckHealthAsync(new(), Token);
        Assert.Equal(HealthStatus.Degraded, check.Status);
        Assert.Contains("served_stamps", check.Description, StringComparison.Ordinal);
        Execute("ALTER TABLE away RENAME TO served_stamps");
        await UntilAsync(() => _registry.IsActive);
        Assert.Equal(HealthStatus.Healthy, (await new ModelHealth(_registry).CheckHealthAsync(new(), Token)).Status);
        await worker.StopAsync(Token);
    }

    public void Dispose()
    {
        _stores.Dispose();
        _services.Dispose();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private RolloutWorker Worker(IDueQueue queue) => new(
        _registry, _profiles, queue, Options.Create(new ModelOptions()), _time, NullLogger<RolloutWorker>.Instance, isShared: true);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("profiles.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task ActivateAsync(ModelStamp model)
    {
        await _profiles.BeginServingAsync(model, isFirst: false, Token);
        await _profiles.EndMarkingAsync(model, Token);
    }

    private Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private Task UntilAsync(Func<Task<bool>> condition) => Eventually.IsTrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    /// <summary>Has so many users that making them due does not end.</summary>
    private sealed class EndlessMarking : IDueQueue
    {
        private int _marking;

        public bool IsMarking => Volatile.Read(ref _marking) > 0;

        public long KnownDue => throw new NotSupportedException();

        public async Task MarkAllDueAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _marking);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _marking);
            }
        }

        public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> CountDueAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DueState?> FindAsync(string userId, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
