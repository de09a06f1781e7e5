using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy.Merging;

/// <summary><c>POST /v1/users/{userId}/merge</c>: two ids are one person.</summary>
internal static class MergeApi
{
    private const string From = "from";

    public static void MapMerge(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/{userId}/merge", MergeUser)
            .WithTags("Attributes")
            .TakesObject<MergeRequest>()
            .RequiresScopes(Scopes.EventsWrite, Scopes.AttributesWrite)
            .WithMetadata(new AuditedRoute())
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Merges a user into another</summary>
    /// <remarks>
    /// From now on <c>from</c> is an alias of the user: events, attributes and lookups of either id are the user's. The windows become one,
    /// as if all events had been of the user; attributes that the user lacks come from <c>from</c>; purposes are those that both allow.
    /// Nothing undoes it but an erasure, of either id, which erases both. It may be repeated. An alias in the path stands for its person.
    /// 409 if <c>from</c> is an alias of somebody else, or has the user as an alias, if the person would have more than 1,000 aliases, or
    /// if one of them is being erased.
    /// </remarks>
    /// <response code="200">They are one person.</response>
    private static async Task<Results<Ok<MergeResponse>, ProblemHttpResult>> MergeUser(
        string userId, HttpContext context, BatchEndpoint endpoint, UserMerger merger, AliasStore aliases)
    {
        if (EntityId.ProblemOf("userId", userId) is var (code, detail))
            return Problems.Bad(code, "userId", detail);
        var (request, refusal) = await endpoint.ReadOneAsync<MergeRequest>(context, MergeRequest.Parse);
        if (request is null)
            return refusal!;
        context.Features.Set(new AuditedUsers([userId, request.From]));
        if (request.From == (context.Features.Get<AliasInPath>()?.UserId ?? userId))
            return Problems.Bad("same_user", From, "A user cannot be merged into itself.");
        var merge = await merger.MergeAsync(userId, request.From, context.RequestAborted);
        if (ProblemOf(merge.Outcome) is { } problem)
            return problem;
        var known = await aliases.CountOfPersonAsync(merge.PersonId, context.RequestAborted);
        return TypedResults.Ok(new MergeResponse(merge.PersonId, request.From, known, merge.Events));
    }

    private static ProblemHttpResult? ProblemOf(MergeOutcome outcome) => outcome switch
    {
        MergeOutcome.Cycle => Problems.Conflict(
            "merge_cycle", "The user is an alias of the one whom 'from' names already: they are one person, and its id stays as it is."),
        MergeOutcome.OfAnother => Problems.Conflict(
            "alias_of_another", "'from' is an alias of somebody else. Merge that person if they are all one; otherwise this is a mistake."),
        MergeOutcome.TooMany => Problems.Conflict(
            "too_many_aliases",
            $"A person has at most {AliasWriter.MaxAliases} aliases. An id that many share, as of a kiosk, is no person's: "
            + "do not merge it."),
        MergeOutcome.ErasurePending => Problems.Conflict(
            "erasure_pending", "One of the two is being erased. Try again when the erasure has ended."),
        _ => null,
    };
}
