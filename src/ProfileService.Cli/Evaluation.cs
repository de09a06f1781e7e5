using ProfileService.Model;

namespace ProfileService.Cli;

/// <summary>Computes the users' profiles as the service does, and ranks the items for each user.</summary>
/// <param name="lookup">Source of categories for events without one, and of content vectors; null for none.</param>
internal sealed class Evaluation(
    ActiveModel model,
    PackageItems items,
    IReadOnlyDictionary<string, Dictionary<string, string>> attributes,
    ItemLookup? lookup = null)
{
    private readonly ItemRanking _ranking = new(items, model.Manifest.MaxEvents);
    private readonly WindowVectors _vectors = new(model, attributes, lookup);

    /// <param name="ranked">Receives the number of users of each batch.</param>
    /// <returns>One result per user, in the same order.</returns>
    public RankedUser[] Run(IReadOnlyList<HeldOut> users, Action<int> ranked, CancellationToken cancellationToken)
    {
        var results = new RankedUser[users.Count];
        _vectors.Compute(
            [.. users.Select(u => u.Context)],
            (index, vector) => results[index] = _ranking.Rank(users[index], vector),
            ranked,
            cancellationToken);
        return results;
    }
}
