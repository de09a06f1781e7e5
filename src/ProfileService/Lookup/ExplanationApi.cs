using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;
using ProfileService.Purposes;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/explanation</c>: why a profile is as it is.</summary>
internal static class ExplanationApi
{
    public static void MapExplanation(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{userId}/explanation", GetExplanation)
            .WithTags("Profiles")
            .Costs(ReadCost.Explanation)
            .RequiresScopes(Scopes.RawRead)
            .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Explains a user's profile</summary>
    /// <remarks>
    /// The window's events, with the attention that the model pays to each and how far the vector would turn without it; the five events
    /// that change it most; the same of the attributes; and the events behind each interest. It is computed on request, from the window
    /// and the attributes as they are now.
    /// </remarks>
    /// <response code="200">The explanation.</response>
    private static async Task<Results<Ok<Explanation>, ProblemHttpResult>> GetExplanation(
        string userId, Explainer explainer, UserPurposes purposes, CancellationToken cancellationToken) =>
        UserProblems.Refusal(purposes, userId, Purpose.Explain) is { } problem
            ? problem
            : await explainer.ExplainAsync(userId, cancellationToken) is { } explanation
                ? TypedResults.Ok(explanation)
                : UserProblems.Unknown(userId);
}
