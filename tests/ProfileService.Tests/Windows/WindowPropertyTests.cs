using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

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
        from hasText in Gen.Elements(true, false)
        select WithText(Event(second, user, item, kind, id, value: value), hasText);

    /// <summary>Removes what is older than a minute after the start.</summary>
    private static readonly TextRemoval Removal =
        new(Event(60).Timestamp, events => [.. events.Select(e => new RemovedText(e.Text!.Length / 10f))]);

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

    /// <summary>As long as two versions of an event do not differ in their texts alone.</summary>
    [Fact]
    public void WindowWhoseTextsGoBetweenAnyAppendsIsTheSameInTheEnd() =>
        Prop.ForAll(AnyHistory, history =>
        {
            var random = new Random(history.Seed);
            var again = history.Events.Concat(history.Events.Where(_ => random.Next(2) == 0)).ToArray();
            random.Shuffle(again);
            var window = Window.Empty("a");
            foreach (var e in again)
            {
                var own = e with { UserId = "a" };
                window.Append(random.Next(4) == 0 ? Removal.Apply([own])[0] : own, Settings, out _); // as a rebuild appends it
                window = random.Next(4) == 0 ? Without(window) : window;
            }

            return WindowCodec.Encode(Without(window)).SequenceEqual(WindowCodec.Encode(Without(Append(history.Events))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void WindowKeepsItsBounds() =>
        Prop.ForAll(AnyHistory, history =>
        {
            var events = Append(history.Events).Events;
            return events.Count <= Settings.MaxEvents
                && events.Zip(events.Skip(1)).All(pair => EventOrder.Instance.Compare(pair.First, pair.Second) < 0)
                && (events.Count == 0 || events[^1].Timestamp - events[0].Timestamp <= Settings.MaxAge.TotalMicroseconds);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>Events of equal ids that differ have texts that differ, too; of some length, so that lengths decide nothing.</summary>
    private static WindowEvent WithText(WindowEvent e, bool hasText) =>
        hasText ? e with { Text = $"{e.ItemId} {e.Kind}{new string('t', (int)(e.Value ?? 7))}" } : e;

    private static Window Without(Window window) => Removal.Apply(window) ?? window;

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
