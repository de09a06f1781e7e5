using ProfileService.Attribution;

namespace ProfileService.Tests.Attribution;

/// <summary>What every store of counts does.</summary>
public abstract class OutcomeStoreContract : IAsyncLifetime
{
    private static readonly DateOnly Today = new(2026, 11, 28);

    private static readonly RecommendationSource Now = new("demo/3", Today);

    private IOutcomeStore? _store;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private IOutcomeStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await CreateAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task NothingIsStoredAtFirst() => Assert.Empty(await ReadAsync());

    [Fact]
    public async Task BatchesOfAllProcessesAddUp()
    {
        await AddAsync("one", 1, (Now, new(20, 1, 0)));
        await AddAsync("other", 1, (Now, new(5, 0, 1)), (Now with { Model = "demo/1" }, new(0, 3, 0)));
        await AddAsync("one", 2, (Now, new(0, 1, 1)));
        Assert.Equal([("demo/1", new OutcomeCounts(0, 3, 0)), ("demo/3", new(25, 2, 2))], await ReadAsync());
    }

    [Fact]
    public async Task BatchThatIsSentAgainCountsOnce()
    {
        await AddAsync("one", 1, (Now, new(20, 1, 0)));
        await AddAsync("one", 2, (Now, new(20, 1, 0)));
        await AddAsync("one", 2, (Now, new(20, 1, 0)));
        Assert.Equal([("demo/3", new OutcomeCounts(40, 2, 0))], await ReadAsync());
    }

    [Fact]
    public async Task ModelMayHaveAnyName()
    {
        var model = $"{new string('-', 64)}/.shown_1";
        await AddAsync("one", 1, (Now with { Model = model }, new(1, 2, 3)));
        Assert.Equal([(model, new OutcomeCounts(1, 2, 3))], await ReadAsync());
    }

    [Fact]
    public async Task DaysAreReadFromOneOn()
    {
        var yesterday = Now with { Day = Today.AddDays(-1) };
        await AddAsync("one", 1, (Now, new(1, 0, 0)), (yesterday, new(2, 0, 0)));
        Assert.Equal([Now], (await Store.ReadAsync(Today, Token)).Keys);
        Assert.Equal(2, (await Store.ReadAsync(yesterday.Day, Token)).Count);
    }

    [Fact]
    public async Task DayIsDroppedAfterThirty()
    {
        await AddAsync("one", 1, (Now, new(1, 0, 0)));
        await Store.AddAsync(Batch("one", 2, Today.AddDays(29), (Now with { Day = Today.AddDays(29) }, new(2, 0, 0))), Token);
        Assert.Equal(2, (await Store.ReadAsync(DateOnly.MinValue, Token)).Count);
        await Store.AddAsync(Batch("one", 3, Today.AddDays(30), (Now with { Day = Today.AddDays(29) }, new(3, 0, 0))), Token);
        var (source, counts) = Assert.Single(await Store.ReadAsync(DateOnly.MinValue, Token));
        Assert.Equal((Now with { Day = Today.AddDays(29) }, new OutcomeCounts(5, 0, 0)), (source, counts));
    }

    private protected abstract Task<IOutcomeStore> CreateAsync();

    private Task AddAsync(string process, long number, params (RecommendationSource, OutcomeCounts)[] counts) =>
        Store.AddAsync(Batch(process, number, Today, counts), Token);

    private static OutcomeBatch Batch(
        string process, long number, DateOnly day, params (RecommendationSource Source, OutcomeCounts Counts)[] counts) =>
        new(process, number, day, counts.ToDictionary(c => c.Source, c => c.Counts));

    private async Task<IEnumerable<(string, OutcomeCounts)>> ReadAsync() =>
        (await Store.ReadAsync(Today, Token)).Select(c => (c.Key.Model, c.Value)).OrderBy(c => c.Model, StringComparer.Ordinal);
}
