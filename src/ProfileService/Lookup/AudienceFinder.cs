using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Similar;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>Finds the users whose vectors are nearest to an item's, or to the mean of a category's items.</summary>
internal sealed class AudienceFinder(ItemIndexes indexes, ModelSlot models, ModelRegistry registry, SimilarFinder similar)
{
    /// <returns>The users, or the reply if there are none to be had.</returns>
    public Task<(Audience? Found, ProblemHttpResult? Refusal)> OfItemAsync(string itemId, int count, CancellationToken cancellationToken) =>
        FindAsync(index => index.UnitVectorOf(itemId), ItemProblems.NothingIsLike, count, cancellationToken);

    /// <returns>The users, or the reply if there are none to be had.</returns>
    public Task<(Audience? Found, ProblemHttpResult? Refusal)> OfCategoryAsync(
        string category, int count, CancellationToken cancellationToken) =>
        FindAsync(index => index.UnitVectorOfCategory(category), ItemProblems.UnknownCategory, count, cancellationToken);

    private async Task<(Audience?, ProblemHttpResult?)> FindAsync(
        Func<ItemIndex, float[]?> vectorOf, Func<ProblemHttpResult> unknown, int count, CancellationToken cancellationToken)
    {
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is not { Vectors: var vectors })
            return (null, ItemProblems.NoItemVectors(model.Manifest));
        if (vectorOf(indexes.Of(vectors)) is not { } vector)
            return (null, unknown());
        var sought = new QueryVector(VectorSpace.Of(model), VectorBytes.From(vector));
        var (search, users, failure) = await similar.FindAsync(sought, count, cancellationToken);
        if (failure is not null) // the answer could not say that it is stale
            ExceptionDispatchInfo.Throw(failure);
        return users is null
            ? (null, UserProblems.TooMany(similar.MostUsers(sought.Space), model.Stamp.Id))
            : (new Audience(model.Stamp.Id, search, users), null);
    }
}

/// <summary>Users near to an item or a category.</summary>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Search">The kind of search: <c>exact</c> or <c>hnsw</c>.</param>
/// <param name="Users">The nearest first, ties in the order of ids.</param>
internal sealed record Audience(string Model, string Search, IReadOnlyList<SimilarUser> Users);
