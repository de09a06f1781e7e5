using ProfileService.Windows;

namespace ProfileService.Dimensions;

/// <summary>
/// The prices that a user looks at and pays, in the unit of the events' values: those above 0 of view, click, cart and purchase.
/// </summary>
/// <param name="Median">
/// The 50th percentile, linear between the two nearest values (type 7 of Hyndman and Fan, 1996), as the others.
/// </param>
/// <param name="Low">The 10th percentile.</param>
/// <param name="High">The 90th percentile.</param>
/// <param name="Events">Number of events with such a value.</param>
internal sealed record PriceLevel(double Median, double Low, double High, int Events)
{
    private const int StackPrices = 128; // a window has 100 events, unless set otherwise

    public static PriceLevel? Of(ReadOnlySpan<DimensionEvent> events)
    {
        Span<double> room = events.Length <= StackPrices ? stackalloc double[StackPrices] : new double[events.Length];
        var count = 0;
        foreach (ref readonly var e in events)
        {
            if (e is { Value: { } price and > 0, Kind: EventKinds.View or EventKinds.Click or EventKinds.Cart or EventKinds.Purchase })
                room[count++] = price;
        }

        if (count == 0)
            return null;
        var prices = room[..count];
        prices.Sort();
        return new PriceLevel(Quantile(prices, 0.5), Quantile(prices, 0.1), Quantile(prices, 0.9), count);
    }

    private static double Quantile(ReadOnlySpan<double> ascending, double share)
    {
        var position = share * (ascending.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, ascending.Length - 1);
        return Rounded.Of(ascending[below] + ((position - below) * (ascending[above] - ascending[below])));
    }
}
