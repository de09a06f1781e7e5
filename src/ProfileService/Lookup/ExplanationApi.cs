using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/explanation</c>: why a profile is as it is.</summary>
internal static class ExplanationApi
{
    public static void MapExplanation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/users/{userId}/explanation", GetExplanation)
            .WithTags("Profiles")
            .WithSummary("Why a user's profile is as it is")
            .Costs(ReadCost.OfAComputation)
            .WithDescription("""
                The window's events with the attention that the model pays to each, the events behind each interest, and how far the vector would turn
                without each of the five events that weigh most. Computed for this answer, of the window and the attributes as they are now.
                """)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<ExplanationResponse>, ProblemHttpResult>> GetExplanation(
        string userId, Explainer explainer, CancellationToken cancellationToken) =>
        await explainer.ExplainAsync(userId, cancellationToken) is { } explanation
            ? TypedResults.Ok(explanation)
            : UserProblems.Unknown();
}
