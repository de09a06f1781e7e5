using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/predictions</c>: what the user does next, as probabilities.</summary>
internal static class PredictionsApi
{
    public static void MapPredictions(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/users/{userId}/predictions", GetPredictions)
            .WithTags("Recommendations")
            .WithSummary("What a user does next")
            .Costs(ReadCost.OfAQuery)
            .WithDescription("""
                The kind of the next event, from the transitions in the user's window, and its category, from how well the items of each fit the profile; the likeliest
                first. Each list sums to 1, and is left out where there is nothing to go by. 409 where the active package has no item vectors.
                """)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<PredictionsResponse>, ProblemHttpResult>> GetPredictions(
        string userId, HttpContext context, ProfileReader profiles, IWindowStore windows, ItemCatalogue catalogue, NextKinds nextKinds, ModelSlot models, ModelRegistry registry)
    {
        registry.ThrowUnlessOwn();
        var model = models.Current;
        if (model.Items is not { } items)
            return ItemProblems.NoItemVectors(model.Manifest);
        var (profile, problem, stale) = await UserProfile.ReadAsync(userId, context, profiles, model.Stamp);
        if (profile is null)
            return problem!;

        var found = await TryFindAsync(profile.UserId, windows, context.RequestAborted);
        var kinds = nextKinds.Of([.. found?.Window.Events.Select(e => e.Kind) ?? []]);
        var categories = VectorBytes.AreZero(profile.Vector) ? [] : NextCategories.Of(profile, items, model.Manifest.Temperature, catalogue);
        return TypedResults.Ok(new PredictionsResponse(
            profile.UserId, profile.Model, profile.Revision,
            kinds.Count > 0 ? kinds : null,
            categories.Count > 0 ? categories : null,
            stale));
    }

    /// <summary>The user's window; null where there is none, or where it cannot be read now: then the categories can be told all the same.</summary>
    private static async Task<StoredWindow?> TryFindAsync(string userId, IWindowStore windows, CancellationToken cancellationToken)
    {
        try
        {
            return await windows.FindAsync(userId, cancellationToken);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return null;
        }
    }
}

/// <summary>What a user does next.</summary>
/// <param name="Revision">Of the profile that the categories are from.</param>
/// <param name="Kinds">Every kind of event, the likeliest first; left out where the user has no events, or while they cannot be read.</param>
/// <param name="Categories">The 20 likeliest at most; left out where the catalogue has a category of no item.</param>
/// <param name="Stale">True where the profile is behind the user's events, or that cannot be told because a store is away; left out otherwise.</param>
internal sealed record PredictionsResponse(string UserId, string Model, long Revision, IReadOnlyList<NextKind>? Kinds, IReadOnlyList<NextCategory>? Categories, bool? Stale = null);

/// <summary>A kind of event, and how likely the next one is of it.</summary>
/// <param name="Probability">0 to 1; those of a list sum to 1.</param>
internal sealed record NextKind(string Kind, double Probability);

/// <summary>A category, and how likely the next event is of it.</summary>
/// <param name="Probability">0 to 1; those of a list sum to 1.</param>
internal sealed record NextCategory(string Category, double Probability);
