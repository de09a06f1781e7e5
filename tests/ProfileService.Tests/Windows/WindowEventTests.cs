using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>Which events are the same.</summary>
public sealed class WindowEventTests
{
    [Fact]
    public void GivenIdMayBeTheDerivedOneOfAnother()
    {
        var (derived, given) = (Event(1), Event(2, id: Event(1).EventId));
        Assert.True(derived.IsSameEventAs(given));
        Assert.True(given.IsSameEventAs(derived));
        Assert.False(Event(3).IsSameEventAs(given));
        Assert.False(derived.IsSameEventAs(Event(1, id: "e1")));
    }

    /// <summary>An event with an id is compared with each event of its user's window.</summary>
    [Fact]
    public void NoIdIsDerivedToCompareItWithOneOfAnotherForm()
    {
        var (derived, given) = (Event(1), Event(1, id: "e1"));
        Assert.False(given.IsSameEventAs(derived) || derived.IsSameEventAs(given));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(given.IsSameEventAs(derived) || derived.IsSameEventAs(given));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
