using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>A window is a function of the set of events: order, repetition and batching do not show in its bytes.</summary>
public sealed class WindowPropertyTests
{
    private static readonly WindowOptions Settings = new() { MaxEvents = 8, MaxAge = TimeSpan.FromSeconds(60) };

    // Few values on purpose, so that ties, repeats, conflicts of ids and falling out are all common.
    private static readonly Gen<WindowEvent> AnyEvent =
        from second in Gen.Choose(0, 120)
        from user in Gen.Elements("a", "b")
        from item in Gen.Elements("i1", "i2", "i3")
        from kind in Gen.Elements("view", "cart", "wishlist")
        from id in Gen.Elements(null, null, "x", "y", "é", "\uffff", "\U00010000")
        from value in Gen.Elements<double?>(null, 1, 2.5)
        select Event(second, user, item, kind, id, value: value);

    private static readonly Arbitrary<(WindowEvent[] Events, int Seed)> AnyHistory =
        (from events in AnyEvent.ArrayOf()
         from seed in Gen.Choose(0, int.MaxValue)
         select (events, seed)).ToArbitrary();

    [Fact]
    public void ShuffledRepeatedAndRebatchedEventsGiveTheSameBytes() =>
        Prop.ForAll(AnyHistory, history =>
        {
            var random = new Random(history.Seed);
            var again = history.Events.Concat(history.Events.Where(_ => random.Next(2) == 0)).ToArray();
            random.Shuffle(again);
            return Bytes(history.Events).SequenceEqual(Bytes(again));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void StoreGivesTheSameBytesInAnyBatches() =>
        Prop.ForAll(AnyHistory, history =>
        {
            var random = new Random(history.Seed);
            var again = history.Events.ToArray();
            random.Shuffle(again);
            return StoredDigests([history.Events]).SequenceEqual(StoredDigests(again.Chunk(random.Next(1, 10))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void WindowKeepsItsBounds() =>
        Prop.ForAll(AnyHistory, history =>
        {
            var events = Append(history.Events).Events;
            return events.Count <= Settings.MaxEvents
                && events.Zip(events.Skip(1)).All(pair => EventOrder.Instance.Compare(pair.First, pair.Second) < 0)
                && (events.Count == 0 || events[^1].Timestamp - events[0].Timestamp <= Settings.MaxAge.TotalMicroseconds);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    private static byte[] Bytes(IEnumerable<WindowEvent> events) => WindowCodec.Encode(Append(events));

    private static Window Append(IEnumerable<WindowEvent> events)
    {
        var window = Window.Empty("a");
        foreach (var e in events)
            window.Append(e with { UserId = "a" }, Settings, out _);
        return window;
    }

    private static List<string?> StoredDigests(IEnumerable<WindowEvent[]> batches)
    {
        using var directory = new TempDirectory();
        using var stores = TestStores.Sqlite(directory.File("windows.db"), new FakeTimeProvider(Start), Settings);
        foreach (var batch in batches)
            stores.Windows.AppendAsync(batch, default).GetAwaiter().GetResult();
        return [.. new[] { "a", "b" }.Select(user =>
            stores.Windows.FindAsync(user, default).GetAwaiter().GetResult() is { } found ? WindowCodec.Digest(found.Window) : null)];
    }
}
