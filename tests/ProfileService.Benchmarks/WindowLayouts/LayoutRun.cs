using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>Measures every layout in every setting; the layouts take turns within a round, so that what disturbs one disturbs all.</summary>
internal sealed class LayoutRun(MeasuredRedis redis, int rounds)
{
    private const int InFlight = 256; // operations on the one connection at a time, each of another user
    private const int UsersPerLane = 4;
    private const int AppendsPerLane = 20;
    private const int ReadsPerLane = 20;
    private const int LongestWindow = 100;

    private static readonly int[] WindowLengths = [10, 50, LongestWindow];
    private static readonly bool[] IdsGiven = [false, true];

    public async Task<IReadOnlyList<LayoutSpeed>> MeasureSpeedAsync()
    {
        var speeds = new List<LayoutSpeed>();
        foreach (var givesIds in IdsGiven)
        {
            foreach (var events in WindowLengths)
                speeds.AddRange(await MeasureAsync(givesIds, events));
        }

        return speeds;
    }

    public async Task<IReadOnlyList<LayoutMemory>> MeasureMemoryAsync()
    {
        var memories = new List<LayoutMemory>();
        foreach (var givesIds in IdsGiven)
        {
            Tell($"memory, {(givesIds ? "given" : "derived")} ids");
            await redis.EmptyAsync();
            foreach (var layout in Layouts(LongestWindow))
                memories.Add(await WeighAsync(layout, givesIds));
        }

        return memories;
    }

    private static void Tell(string what) => Console.Error.WriteLine($"measuring {what}");

    private IReadOnlyList<IWindowLayout> Layouts(int maxEvents) =>
    [
        new PackedLayout(new LayoutContext(redis.Database, "a", maxEvents)),
        new ListLayout(new LayoutContext(redis.Database, "b", maxEvents)),
        new SortedSetLayout(new LayoutContext(redis.Database, "c", maxEvents)),
        new SplicedLayout(new LayoutContext(redis.Database, "d", maxEvents)),
        new ServiceLayout(new LayoutContext(redis.Database, "e", maxEvents)),
    ];

    private async Task<IEnumerable<LayoutSpeed>> MeasureAsync(bool givesIds, int events)
    {
        Tell($"windows of {events} events, {(givesIds ? "given" : "derived")} ids");
        await redis.EmptyAsync();
        var layouts = Layouts(events).Select(layout => (Layout: layout, Users: Users(givesIds), Rounds: new List<Round>())).ToList();
        foreach (var (layout, users, _) in layouts)
            await Task.WhenAll(users.Select(user => layout.FillAsync(user.Id, user.Take(events))));

        for (var round = -1; round < rounds; round++) // the one before the first warms up
        {
            foreach (var (layout, users, measured) in layouts)
            {
                var figures = await MeasureRoundAsync(layout, users, events);
                if (round >= 0)
                    measured.Add(figures);
            }
        }

        return layouts.Select(l => new LayoutSpeed(
            l.Layout.Name, givesIds, events,
            Spread.Of(l.Rounds.Select(r => r.Appends)),
            Spread.Of(l.Rounds.Select(r => r.Append.Cpu)),
            Spread.Of(l.Rounds.Select(r => r.Append.FileBytes)),
            Spread.Of(l.Rounds.Select(r => r.Append.NetworkBytes)),
            Spread.Of(l.Rounds.Select(r => r.Reads))));
    }

    private async Task<Round> MeasureRoundAsync(IWindowLayout layout, IReadOnlyList<SampleUser> users, int events)
    {
        var added = users.ToDictionary(user => user, user => new Queue<SampleEvent>(user.Take(AppendsPerLane / UsersPerLane)));
        GC.Collect();
        var before = await redis.ReadAsync();
        var appends = await RunAsync(users, AppendsPerLane, user => layout.AppendAsync(user.Id, added[user].Dequeue()));
        var spent = await redis.ReadAsync() - before;
        var reads = await RunAsync(users, ReadsPerLane, async user => Require(await layout.ReadAsync(user.Id) == events));

        const double count = InFlight * AppendsPerLane;
        return new Round(appends, new RedisReading(spent.Cpu / count, spent.FileBytes / count, spent.NetworkBytes / count), reads);
    }

    /// <summary>Returns operations a second. A lane has its own users and goes on when the one before is done, so that no commit meets another.</summary>
    private static async Task<double> RunAsync(IReadOnlyList<SampleUser> users, int perLane, Func<SampleUser, Task> operation)
    {
        var started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(users.Chunk(UsersPerLane).Select(async lane =>
        {
            for (var i = 0; i < perLane; i++)
                await operation(lane[i % UsersPerLane]);
        }));
        return InFlight * perLane / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<LayoutMemory> WeighAsync(IWindowLayout layout, bool givesIds)
    {
        var weights = new List<(int Events, long Bytes)>();
        var records = new List<int>();
        foreach (var (user, events) in Users(givesIds).Select((user, i) => (user, (i % LongestWindow) + 1)))
        {
            var window = user.Take(events);
            records.AddRange(window.Select(e => e.Record.Length));
            await layout.FillAsync(user.Id, window);
            weights.Add((events, (await Task.WhenAll(layout.KeysOf(user.Id).Select(redis.MemoryAsync))).Sum()));
        }

        return LayoutMemory.Of(layout.Name, givesIds, records.Average(), weights);
    }

    private static IReadOnlyList<SampleUser> Users(bool giveIds) =>
        [.. Enumerable.Range(0, InFlight * UsersPerLane).Select(i => new SampleUser($"{100_000 + i}", giveIds))];

    private static void Require(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("A window was read that is not full.");
    }

    private sealed record Round(double Appends, RedisReading Append, double Reads);
}
