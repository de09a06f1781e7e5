using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Aggregates;
using ProfileService.Storage;

namespace ProfileService.Tests.Aggregates;

/// <summary>How often the database is asked for a release, and what is answered while it is away.</summary>
public sealed class ReleaseReaderTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TestService _service = TestService.Without([typeof(ReleaseWorker)]);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CountedContexts _contexts;
    private readonly ReleaseStore _store;

    public ReleaseReaderTests()
    {
        _contexts = new CountedContexts(_service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>());
        _store = new ReleaseStore(_contexts, Options.Create(new AggregateOptions()), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DatabaseIsAskedOnceASecondHoweverManyAskAlsoBeforeTheFirstRelease()
    {
        var reader = NewReader();
        foreach (var isReleased in (bool[])[false, true])
        {
            if (isReleased)
                await ReleaseAsync(1);
            _time.Advance(Second);
            _contexts.Made = 0;
            var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => reader.FindAsync(Token))));
            Assert.All(found, f => Assert.Equal(isReleased, f.Last is not null));
            Assert.Equal(isReleased ? 2 : 1, _contexts.Made); // the release, and its counts
        }
    }

    [Fact]
    public async Task WhileTheDatabaseIsAwayTheLastReleaseIsAnsweredAsStale()
    {
        var (reader, other) = (NewReader(), NewReader());
        await ReleaseAsync(1);
        Assert.Equal((1, false), NumberOf(await reader.FindAsync(Token)));
        await RunAsync("ALTER TABLE aggregate_releases RENAME TO away");
        _time.Advance(Second);
        Assert.Equal((1, true), NumberOf(await reader.FindAsync(Token)));
        Assert.Equal((1, true), NumberOf(await reader.FindAsync(Token)));
        await Assert.ThrowsAnyAsync<Exception>(() => other.FindAsync(Token)); // knows none
        await RunAsync("ALTER TABLE away RENAME TO aggregate_releases");
        await ReleaseAsync(2);
        await FindsAsync(reader, 2);
    }

    [Fact]
    public async Task WhileTheDatabaseAnswersNothingNobodyWaitsForItAfterTheFirstFailure()
    {
        var reader = NewReader();
        await ReleaseAsync(1);
        await reader.FindAsync(Token);
        await RunAsync("ALTER TABLE aggregate_releases RENAME TO away");
        _time.Advance(Second);
        Assert.Equal((1, true), NumberOf(await reader.FindAsync(Token)));

        var answer = new TaskCompletionSource();
        _contexts.Answer = answer.Task;
        for (var round = 0; round < 3; round++)
        {
            _time.Advance(Second);
            var found = reader.FindAsync(Token);
            Assert.True(found.IsCompletedSuccessfully);
            Assert.Equal((1, true), NumberOf(await found));
        }

        _contexts.Answer = Task.CompletedTask;
        await RunAsync("ALTER TABLE away RENAME TO aggregate_releases");
        answer.SetResult();
        await FindsAsync(reader, 1);
    }

    public void Dispose() => _service.Dispose();

    private static (long Number, bool IsStale) NumberOf(FoundRelease found) => (found.Last!.About.Number, found.IsStale);

    private Task FindsAsync(ReleaseReader reader, long number) => Eventually.IsTrueAsync(async () =>
    {
        _time.Advance(Second);
        return NumberOf(await reader.FindAsync(Token)) == (number, false);
    });

    private ReleaseReader NewReader() => new(_store, Options.Create(new AggregateOptions()), _time);

    private async Task ReleaseAsync(long number)
    {
        var lease = (await _store.TakeAsync(number, Token))!;
        Assert.True(await _store.PublishAsync(lease, new ReleasedCounts(1_000, 5, 7, 1, 1, 0, 0, 0, [], []), Token));
    }

    private async Task RunAsync(string sql)
    {
        await using var db = _contexts.CreateDbContext();
        await db.Database.ExecuteSqlRawAsync(sql, Token);
    }

    private sealed class CountedContexts(IDbContextFactory<ProfileDbContext> contexts) : IDbContextFactory<ProfileDbContext>
    {
        private int _made;

        /// <summary>Until when it makes the next one wait.</summary>
        public Task Answer { get; set; } = Task.CompletedTask;

        public int Made
        {
            get => Volatile.Read(ref _made);
            set => Volatile.Write(ref _made, value);
        }

        public async Task<ProfileDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            await Answer;
            return CreateDbContext();
        }

        public ProfileDbContext CreateDbContext()
        {
            Interlocked.Increment(ref _made);
            return contexts.CreateDbContext();
        }
    }
}
