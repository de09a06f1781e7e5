using System.Text.Json;
using ProfileService.Cli.Data;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Those who are asked, what rivals may learn from beside them, and the log's last moment.</summary>
/// <param name="Others">Whole histories of the users that are not asked.</param>
internal sealed record People(IReadOnlyList<Person> Asked, IReadOnlyList<Window> Others, long End)
{
    /// <summary>Below this a probe says nothing.</summary>
    public const int Min = 100;

    private static readonly Dictionary<string, JsonElement> None = [];

    /// <param name="facts">Facts of the user; of several with the same name, the last counts.</param>
    /// <exception cref="InvalidDataException">They are too few.</exception>
    public static People Of(IReadOnlyList<Window> histories, Cut cut, HeldOutUsers heldOut, params Facts[] facts)
    {
        var picked = histories.Where(h => heldOut.Contains(h.UserId) && cut.Of(h) is > 0 and var known && known <= h.Events.Count).ToList();
        if (picked.Count < Min)
        {
            throw new InvalidDataException(
                $"{picked.Count} users have enough events to be asked about, at least {Min} are needed: "
                + "give more data, a smaller --after, or a package that held out more users");
        }

        return new People(
            [.. picked.Select(h => Divide(h, cut, facts))],
            [.. histories.Where(h => !heldOut.Contains(h.UserId))],
            histories.Max(h => h.Events[^1].Timestamp));
    }

    private static Person Divide(Window history, Cut cut, Facts[] facts)
    {
        var at = cut.Of(history);
        var own = facts.SelectMany(f => f.GetValueOrDefault(history.UserId, None)).GroupBy(f => f.Key);
        return new Person(
            new Window(history.UserId, [.. history.Events.Take(at)]),
            [.. history.Events.Skip(at)],
            cut.Until ?? history.Events[at - 1].Timestamp,
            own.ToDictionary(f => f.Key, f => f.Last().Value));
    }
}
