using System.ComponentModel.DataAnnotations;
using ProfileService.Windows;

namespace ProfileService.Dimensions;

/// <summary>What a user seems to be about, by the kinds of the last session's events: four shares that sum to 1.</summary>
/// <param name="Browse">Share of view, click, search and of Events:ExtraKinds.</param>
/// <param name="Compare">
/// Share of like, dislike, share, rating and review of items that the user did not buy before: judging one thing against another.
/// </param>
/// <param name="Buy">Share of cart and purchase.</param>
/// <param name="Feedback">
/// Share of like, dislike, share, rating and review of items that the user bought earlier in the window; 0 in profiles stored before there
/// was this share.
/// </param>
internal sealed record Intent(
    [Range(0d, 1d)] double Browse, [Range(0d, 1d)] double Compare, [Range(0d, 1d)] double Buy, [Range(0d, 1d)] double Feedback)
{
    public static Intent? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var session = Sessions.Last(events);
        if (session.IsEmpty)
            return null;
        var (compare, buy, feedback) = (0, 0, 0);
        foreach (ref readonly var e in session)
        {
            var judges = Dimensions.Feedback.IsJudging(e.Kind);
            compare += judges && !e.IsOfBought ? 1 : 0;
            feedback += judges && e.IsOfBought ? 1 : 0;
            buy += e.Kind is EventKinds.Cart or EventKinds.Purchase ? 1 : 0;
        }

        var all = session.Length;
        return new Intent(Share(all - compare - buy - feedback, all), Share(compare, all), Share(buy, all), Share(feedback, all));
    }

    private static double Share(int of, int all) => Rounded.Of((double)of / all);
}
