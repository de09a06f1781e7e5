using System.ComponentModel.DataAnnotations;

namespace ProfileService.Dimensions;

/// <summary>What a user seems to be about, by the kinds of the last session's events: three shares that sum to 1.</summary>
/// <param name="Browse">Share of view, click, search and of Events:ExtraKinds.</param>
/// <param name="Compare">Share of like, dislike, share, rating and review: judging one thing against another.</param>
/// <param name="Buy">Share of cart and purchase.</param>
internal sealed record Intent([Range(0d, 1d)] double Browse, [Range(0d, 1d)] double Compare, [Range(0d, 1d)] double Buy)
{
    public static Intent? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var count = Sessions.Last(events).Length;
        var session = events[^count..];
        if (count == 0)
            return null;
        var (compare, buy) = (0, 0);
        foreach (ref readonly var e in session)
        {
            compare += e.Kind is "like" or "dislike" or "share" or "rating" or "review" ? 1 : 0;
            buy += e.Kind is "cart" or "purchase" ? 1 : 0;
        }

        return new Intent(Share(count - compare - buy), Share(compare), Share(buy));

        double Share(int of) => Rounded.Of((double)of / count);
    }
}
