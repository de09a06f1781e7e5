using ProfileService.TestServers.Faults;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Faults;

/// <summary>The judge of drawn faults sees what is wrong: else nothing that it lets pass would mean anything.</summary>
public sealed class FaultOracleTests
{
    private static readonly WindowOptions Rules = new() { MaxEvents = 3 };
    private static readonly WindowEvent[] Sent = [.. Enumerable.Range(0, 5).Select(i => Event(i, id: $"e{i}"))];

    [Fact]
    public void WindowOfAllThatWasPromisedIsRight() => Assert.Equal(default, Compare(promised: 5, shown: [2, 3, 4]));

    [Fact]
    public void WindowMayShowWhatWasSentAndNotAnswered() => Assert.Equal(default, Compare(promised: 3, shown: [1, 2, 4]));

    [Fact]
    public void WindowWithoutAPromisedEventHasLostIt() => Assert.Equal(new WindowDifference(1, 1), Compare(promised: 5, shown: [1, 3, 4]));

    [Fact]
    public void NoWindowHasLostAllThatItShouldHold() =>
        Assert.Equal(new WindowDifference(3, 0), new WindowCheck(Rules).Compare(new SentEvents("u1", Sent, Sent), null));

    [Fact]
    public void EventThatNobodySentIsInvented() =>
        Assert.Equal(new WindowDifference(0, 1), Compare(Sent[..2], [Sent[0], Sent[1], Event(9, id: "other")]));

    [Fact]
    public void EventWithAnotherValueIsInvented() =>
        Assert.Equal(new WindowDifference(1, 1), Compare(Sent[..2], [Sent[0], Sent[1] with { Value = 7 }]));

    [Theory]
    [InlineData(true, 4, 0)] // within the lag
    [InlineData(true, 9, 1)]
    [InlineData(false, 9, 1)]
    public void ReadinessThatSaysTheOtherForLongIsAViolation(bool ready, int seconds, int violations)
    {
        var log = new ReadyLog();
        for (var half = 0; half < 2 * seconds; half++)
        {
            var at = Start.AddSeconds(half / 2.0);
            log.Ready.Add(new Sample(at, at, ready));
            log.Stored.Add(new Sample(at, at, !ready));
        }
        Assert.Equal(violations, log.Violations().Count);
    }

    [Fact]
    public void ReadinessBesideEventsOfWhichSomeAreStoredIsNoViolation()
    {
        var log = new ReadyLog();
        for (var second = 0; second < 20; second++)
        {
            log.Ready.Add(new Sample(Start.AddSeconds(second), Start.AddSeconds(second), true));
            log.Stored.Add(new Sample(Start.AddSeconds(second), Start.AddSeconds(second), second % 4 == 0));
        }
        Assert.Empty(log.Violations());
    }

    [Fact]
    public void EventThatIsStoredTooLateForAProbeIsNoViolation()
    {
        var log = new ReadyLog();
        for (var second = 0; second < 20; second++)
        {
            log.Ready.Add(new Sample(Start.AddSeconds(second), Start.AddSeconds(second + 2), false));
            log.Stored.Add(new Sample(Start.AddSeconds(second), Start.AddSeconds(20), true));
        }
        Assert.Empty(log.Violations());
    }

    private static WindowDifference Compare(int promised, int[] shown) => Compare(Sent[..promised], [.. shown.Select(i => Sent[i])]);

    private static WindowDifference Compare(WindowEvent[] promised, WindowEvent[] shown)
    {
        var window = Window.Empty("u1");
        foreach (var e in shown)
            window.Append(e, Rules, out _);
        var events = string.Join(',', window.Events.Select(e => e.Json()));
        var answer = $$"""{"digest":"{{WindowCodec.Digest(window)}}","events":[{{events}}]}""";
        return new WindowCheck(Rules).Compare(new SentEvents("u1", Sent, promised), answer);
    }
}
