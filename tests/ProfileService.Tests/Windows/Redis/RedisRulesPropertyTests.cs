using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>
/// The rules that the script knows against those of <see cref="Window"/>, on drawn batches: verdicts, order, trimming by number and by age,
/// duplicates, late events and revisions. A failure names its seed, for FsCheck's Replay, and the smallest history that fails.
/// </summary>
[Needs(Need.Server)]
public sealed class RedisRulesPropertyTests : IAsyncLifetime
{
    private const int Histories = 100;
    private const int SecondsPerBatch = 3;
    private static readonly string[] Users = ["a", "b", "c"];

    // Few values on purpose, so that ties, repeats, conflicts of ids and falling out are all common. Most events are newer than those
    // before, and few ids look derived, because the script appends only then.
    private static readonly Gen<DrawnEvent> AnyEvent =
        from user in Gen.Elements(Users)
        from millisecond in Gen.Frequency((18, Gen.Choose(0, 3_000)), (1, Gen.Choose(-30_000, 0)), (1, Gen.Choose(-100_000, 0)))
        from item in Gen.Frequency((60, Gen.Elements("i1", "item-2")), (1, Gen.Constant("d-0123456789abcdef")))
        from kind in Gen.Elements("view", "cart", "wishlist")
        from id in Gen.Frequency(
            (16, Gen.Constant<string?>(null)), (5, Gen.Elements<string?>("x", "y", "é", "00000000-0000-0000-0000-000000000001")))
        from text in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(0, 300)))
        from origin in Gen.Frequency(
            (60, Gen.Constant(Origin.New)), (4, Gen.Constant(Origin.Repeated)), (1, Gen.Constant(Origin.GivenADerivedId)))
        from earlier in Gen.Choose(0, int.MaxValue)
        let e = new WindowEvent(user, kind, item, millisecond * 1_000L, id, Text: text == 0 ? null : new string('t', text))
        select new DrawnEvent(e, origin, earlier);

    private static readonly Gen<DrawnBatch> AnyBatch =
        from size in Gen.Frequency((6, Gen.Choose(1, 3)), (1, Gen.Choose(4, 15)))
        from events in AnyEvent.ArrayOf(size)
        from maxEvents in Gen.Frequency((30, Gen.Constant<int?>(null)), (1, Gen.Choose(1, 10).Select(n => (int?)n)))
        select new DrawnBatch(events, maxEvents);

    private static readonly Gen<DrawnBatch[]> AnyHistory =
        from batches in Gen.Choose(1, 60)
        from history in AnyBatch.ArrayOf(batches)
        select history;

    private RedisServer _server = null!;
    private RedisConnection _redis = null!;
    private int _histories;
    private int _appends; // of one user's events each
    private int _finds;

    private enum Origin
    {
        New,
        Repeated,
        GivenADerivedId,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = new RedisConnection(_server.ConnectionString());
    }

    public async ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task AnyBatchesGiveWhatTheRulesGive()
    {
        Prop.ForAll(Arb.From(AnyHistory, Smaller), history => Compare(history)).Check(Config.QuickThrowOnFailure.WithMaxTest(Histories));
        var byService = await GetCallsAsync() - _finds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{byService} of {_appends} appends were left to the service");
        Assert.InRange(byService, _appends / 5, _appends * 4 / 5); // else one side would hardly have been tested
    }

    /// <summary>Throws at the first difference.</summary>
    private void Compare(DrawnBatch[] history) => CompareAsync(history).GetAwaiter().GetResult();

    private async Task CompareAsync(DrawnBatch[] history)
    {
        var prefix = $"{++_histories}-";
        var (time, rules) = (new FakeTimeProvider(Start), new Rules());
        var options = new WindowOptions { MaxEvents = 6, MaxAge = TimeSpan.FromSeconds(60), RememberSeen = _histories % 2 == 0 };
        using var stores = TestStores.Redis(_redis, time, options);
        var seen = new List<WindowEvent>();
        for (var i = 0; i < history.Length; i++)
        {
            options.MaxEvents = history[i].MaxEvents ?? options.MaxEvents;
            var events = EventsOf(history[i], i, prefix, seen);
            _appends += events.DistinctBy(e => e.UserId).Count();
            Assert.Equal(rules.Append(events, options, time.GetUtcNow()), await stores.Windows.AppendAsync(events, Token));
            foreach (var user in Users)
                AssertSame(rules.Find(prefix + user), await stores.Windows.FindAsync(prefix + user, Token));
            _finds += Users.Length;
            time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private static WindowEvent[] EventsOf(DrawnBatch batch, int number, string prefix, List<WindowEvent> seen)
    {
        var start = Event(SecondsPerBatch * number).Timestamp;
        var events = Array.ConvertAll(batch.Events, drawn =>
        {
            var e = drawn.Event with { UserId = prefix + drawn.Event.UserId, Timestamp = start + drawn.Event.Timestamp };
            return seen.Count == 0 ? e : (drawn.Origin, seen[drawn.Earlier % seen.Count]) switch
            {
                (Origin.Repeated, var earlier) => earlier,
                (Origin.GivenADerivedId, var earlier) => e with { GivenId = (earlier with { GivenId = null, UserId = e.UserId }).EventId },
                _ => e,
            };
        });
        seen.AddRange(events);
        return events;
    }

    private static void AssertSame(StoredWindow? expected, StoredWindow? actual)
    {
        Assert.Equal(expected?.Revision, actual?.Revision);
        Assert.Equal(expected?.Window.Events.Select(e => e.EventId), actual?.Window.Events.Select(e => e.EventId));
        if (expected is not null)
            Assert.Equal(WindowCodec.Encode(expected.Window), WindowCodec.Encode(actual!.Window));
    }

    /// <summary>The same history without one batch, or without one event.</summary>
    private static IEnumerable<DrawnBatch[]> Smaller(DrawnBatch[] history)
    {
        for (var i = 0; i < history.Length; i++)
        {
            yield return [.. history[..i], .. history[(i + 1)..]];
            var events = history[i].Events;
            for (var j = 0; j < events.Length && events.Length > 1; j++)
                yield return [.. history[..i], history[i] with { Events = [.. events[..j], .. events[(j + 1)..]] }, .. history[(i + 1)..]];
        }
    }

    /// <summary>Windows that were read whole: by this test, and if the script leaves a user's events to the service.</summary>
    private async Task<int> GetCallsAsync()
    {
        var calls = Regex.Match(await RedisLine.SendAsync(_server.Port, "INFO commandstats"), @"cmdstat_get:calls=(\d+)").Groups[1].Value;
        return int.Parse(calls, CultureInfo.InvariantCulture);
    }

    /// <summary>Windows by <see cref="Window"/> alone.</summary>
    private sealed class Rules
    {
        private readonly Dictionary<string, StoredWindow> _windows = [];

        public StoredWindow? Find(string userId) => _windows.GetValueOrDefault(userId);

        public Verdict[] Append(WindowEvent[] events, WindowOptions options, DateTimeOffset now)
        {
            var (verdicts, changes) = (new Verdict[events.Length], new Dictionary<string, int>());
            var windows = events.Select(e => e.UserId).Distinct().ToDictionary(id => id, id => Find(id)?.Window ?? Window.Empty(id));
            for (var i = 0; i < events.Length; i++)
            {
                verdicts[i] = windows[events[i].UserId].Append(events[i], options, out var changed);
                changes[events[i].UserId] = changes.GetValueOrDefault(events[i].UserId) + (changed ? 1 : 0);
            }

            foreach (var (userId, count) in changes.Where(c => c.Value > 0))
                _windows[userId] = new StoredWindow(windows[userId], StoredWindow.RevisionAfter(Find(userId)?.Revision, count, now));
            return verdicts;
        }
    }

    /// <param name="Event">Its timestamp is in µs from the time of its batch.</param>
    /// <param name="Earlier">Which of those before it, if it is made of one.</param>
    private sealed record DrawnEvent(WindowEvent Event, Origin Origin, int Earlier)
    {
        public override string ToString() =>
            $"{Event.UserId} {Event.Kind} {Event.ItemId} {Event.Timestamp} µs, id {Event.GivenId}, "
            + $"text of {Event.Text?.Length}, {Origin} {Earlier}";
    }

    /// <param name="MaxEvents">A new limit from this batch on.</param>
    private sealed record DrawnBatch(DrawnEvent[] Events, int? MaxEvents)
    {
        public override string ToString() => $"[limit {MaxEvents}: {string.Join("; ", (object[])Events)}]";
    }
}
