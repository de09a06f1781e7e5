using ProfileService.Platform;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// Users that a package was trained on, and as many that it never saw, each as near in length to one of them as can be. As membership.py in
/// training.
/// </summary>
internal sealed record Compared(IReadOnlyList<string> Forgotten, IReadOnlyList<string> Strangers)
{
    private const int MaxUsers = 1_000; // users of each kind
    private const int MinPairs = 10;

    /// <summary>Pairs users by their number of events. Who is taken, and in which order, is decided by a hash of the id.</summary>
    /// <exception cref="InvalidDataException">They are too few.</exception>
    public static Compared Of(IReadOnlyDictionary<string, int> forgotten, IReadOnlyDictionary<string, int> strangers)
    {
        var (free, pairs) = (SomeOf(strangers), new List<(string Forgotten, string Stranger)>());
        foreach (var user in SomeOf(forgotten).OrderByDescending(u => forgotten[u]).ThenBy(u => StableHash.Of(u)).Take(free.Count))
        {
            var nearest = free.MinBy(other => (Math.Abs(strangers[other] - forgotten[user]), StableHash.Of(other)))!;
            free.Remove(nearest);
            pairs.Add((user, nearest));
        }

        return pairs.Count >= MinPairs
            ? new Compared([.. pairs.Select(p => p.Forgotten)], [.. pairs.Select(p => p.Stranger)])
            : throw new InvalidDataException(
                $"{forgotten.Count:N0} forgotten users and {strangers.Count:N0} that the package never saw have events in --data that can "
                + $"be asked: at least {MinPairs} of each are needed");
    }

    /// <summary>The AUC of telling the two kinds apart by a smaller loss, and its standard error (Hanley and McNeil, 1982).</summary>
    public (double Mean, double Error) Auc(IReadOnlyDictionary<string, double> losses)
    {
        bool[] truth = [.. Forgotten.Select(_ => true), .. Strangers.Select(_ => false)];
        var auc = Score.Auc(truth, [.. Forgotten.Concat(Strangers).Select(user => -losses[user])]);
        var (yes, no) = (auc / (2 - auc), 2 * auc * auc / (1 + auc)); // that two of one kind are both on the right side of one of the other
        var variance = (auc * (1 - auc)) + ((Forgotten.Count - 1) * (yes - (auc * auc))) + ((Strangers.Count - 1) * (no - (auc * auc)));
        return (auc, Math.Sqrt(Math.Max(0, variance) / (Forgotten.Count * Strangers.Count)));
    }

    private static List<string> SomeOf(IReadOnlyDictionary<string, int> users) =>
        [.. users.Keys.OrderBy(u => StableHash.Of(u)).Take(MaxUsers)];
}
