using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/predictions</c>: what the user does next, as probabilities.</summary>
internal static class PredictionsApi
{
    public static void MapPredictions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{userId}/predictions", GetPredictions)
            .WithTags("Recommendations")
            .RequiresScopes(Scopes.ProfilesRead)
            .Costs(ReadCost.Query)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Predicts a user's next event</summary>
    /// <remarks>
    /// The kind of the next event, from the transitions in the user's window, and its category, from how well the items of each category
    /// fit the profile. The likeliest come first, and each list sums to 1. A list is left out if there is nothing to compute it from.
    /// 409 if the active model package has no item vectors.
    /// </remarks>
    /// <response code="200">The predictions.</response>
    private static async Task<Results<Ok<Predictions>, ProblemHttpResult>> GetPredictions(
        string userId,
        HttpContext context,
        ProfileReader profiles,
        Recommender recommender,
        ItemCatalogue catalogue,
        NextKinds nextKinds,
        ModelSlot models,
        ModelRegistry registry)
    {
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items?.Vectors is not { } items)
            return ItemProblems.NoItemVectors(model.Manifest);
        var found = await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (found.ProblemOf(context, model.Stamp) is { } problem)
            return problem;
        var profile = found.Profile!;

        var read = await recommender.ReadAsync(profile.UserId, isNeeded: false, context.RequestAborted); // categories need no events
        var kinds = nextKinds.Of([.. read.Events.Select(e => e.Kind)]);
        var categories = VectorBytes.AreZero(profile.Vector)
            ? []
            : NextCategories.Of(profile, items, model.Manifest.Temperature, catalogue);
        return TypedResults.Ok(new Predictions(
            profile.UserId, profile.Model, profile.Revision,
            kinds.Count > 0 ? kinds : null,
            categories.Count > 0 ? categories : null,
            found.IsStale || read.IsStoreAway ? true : null));
    }
}

/// <summary>What a user may do next.</summary>
/// <param name="UserId">Whose next event it is.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Revision">Revision of the profile that the categories are computed from.</param>
/// <param name="Kinds">Every kind of event, the likeliest first; left out if the user has no events, or while they cannot be read.</param>
/// <param name="Categories">The likeliest categories, the likeliest first; left out if the catalogue knows the category of no item.</param>
/// <param name="Stale">True if the profile is behind the user's events, or while a store is unreachable; left out otherwise.</param>
internal sealed record Predictions(
    [Id] string UserId,
    string Model,
    long Revision,
    IReadOnlyList<PredictedKind>? Kinds,
    [MaxLength(NextCategories.MaxCategories)] IReadOnlyList<PredictedCategory>? Categories,
    bool? Stale = null);

/// <summary>A kind of event, and how likely it is next.</summary>
/// <param name="Kind">As in events.</param>
/// <param name="Probability">0 to 1; those of all kinds sum to 1.</param>
internal sealed record PredictedKind([Name] string Kind, [Range(0d, 1d)] double Probability);

/// <summary>A category, and how likely the next event is of it.</summary>
/// <param name="Category">As in items.</param>
/// <param name="Probability">0 to 1; those of the list sum to 1.</param>
internal sealed record PredictedCategory([Name] string Category, [Range(0d, 1d)] double Probability);
