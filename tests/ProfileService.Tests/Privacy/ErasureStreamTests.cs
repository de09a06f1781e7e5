using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>What else happens to an erasure while its users still come.</summary>
[Needs(Need.Server)]
public sealed class ErasureStreamTests(TestServers servers) : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private TestService? _service;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDbContextFactory<ProfileDbContext> Contexts => _service!.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    private ErasureSignal Signal => new(_time);

    [Fact]
    public async Task ReceiptOfAStreamThatWasTakenForDeadIsPendingAgainWithTheNextUser()
    {
        var (stream, erasures) = (new ErasureStream(Contexts, Signal, _time), new Erasures(Contexts, Signal, _time));
        await stream.AddAsync(["ada"], Token);
        var receipt = await ReceiptAsync();
        await erasures.EndAsync(receipt, ["ada"], new RemovedRows(0, 0, 0, 0, 0, 0, 0, 0));
        Assert.Empty(await erasures.FindEndedAsync(Token));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal([receipt], await erasures.FindEndedAsync(Token));
        await erasures.SetGoneAsync([receipt]);
        await erasures.SetDoneAsync([receipt], Token);
        Assert.Equal("done", ErasureReceipt.From((await erasures.FindAsync(receipt, Token))!).State);

        await stream.AddAsync(["ben"], Token);
        await erasures.SetGoneAsync([receipt]); // by who took it for dead before
        Assert.Equal("pending", ErasureReceipt.From((await stream.EndAsync())!).State);
    }

    [Fact]
    public async Task IdThatIsAddedAsAnotherIdOfAPersonMeanwhileIsThereOnce()
    {
        var stream = new ErasureStream(Contexts, Signal, _time);
        await stream.AddAsync(["person"], Token);
        var receipt = await ReceiptAsync();
        await using var db = await Contexts.CreateDbContextAsync(Token);
        Task adding;
        await using (var transaction = await db.Database.BeginTransactionAsync(Token))
        {
            await db.LockPersonsAsync(Token); // as PersonGroups does
            db.PendingErasures.Add(Erasures.PendingOf(new Erasure { Receipt = receipt, RequestedAt = _time.GetUtcNow().UtcDateTime, Users = 0 }, "alias"));
            await db.SaveChangesAsync(Token);
            adding = Task.Run(() => stream.AddAsync(["alias", "ben"], Token), Token);
            await Eventually.IsTrueAsync(async () =>
                await db.Database.SqlQuery<int>($"SELECT count(*)::integer AS \"Value\" FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").SingleAsync(Token) > 0);
            await transaction.CommitAsync(Token);
        }

        await adding;
        Assert.Equal(["alias", "ben", "person"], await db.PendingErasures.AsNoTracking().Select(p => p.UserId).OrderBy(id => id).ToListAsync(Token));
    }

    public async ValueTask InitializeAsync() => _service = TestService.Without(
        [typeof(ErasureWorker)],
        ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));

    public ValueTask DisposeAsync()
    {
        _service?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReceiptAsync()
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Erasures.Select(e => e.Receipt).SingleAsync(Token);
    }
}
