using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProfileService.Attribution;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Answers with items that fit a user: the best of all, or the caller's own in order.</summary>
internal sealed class RecommendationHandler(
    ProfileReader profiles,
    Recommender recommender,
    ContextComputer contexts,
    PopularFallback popular,
    ModelSlot models,
    ModelRegistry registry,
    UserPurposes purposes,
    RecommendationIds ids,
    OutcomeCounter outcomes,
    IOptions<WindowOptions> windows)
{
    /// <param name="include">What to add to each item, see <see cref="RecommendationParts"/>.</param>
    public async Task<Results<Ok<Recommendations>, ProblemHttpResult>> RecommendAsync(
        string userId, HttpContext context, RecommendationRequest request, string? include)
    {
        if (RecommendationParts.IncludesReason(include) is not { } withReasons)
            return Problems.Bad("unknown_part", "include", RecommendationParts.Problem);
        if (withReasons && UserProblems.Refusal(purposes, userId, Purpose.Explain) is { } refusal)
            return refusal;
        if (request.LeavesOutAllSeen() && !windows.Value.RememberSeen)
            return ItemProblems.SeenIsForgotten();
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is null)
            return ItemProblems.NoItemVectors(model.Manifest);
        if (RecommendationCursor.Read(request, model.Stamp, RecommendationCursor.OfUser(userId), out var wrongCursor) is not { } from)
            return wrongCursor!;
        return request.Context is { } looksAt
            ? await RecommendAsync(userId, looksAt, request, model, from, withReasons, context.RequestAborted)
            : await RecommendAsync(userId, context, request, model, from, withReasons);
    }

    private async Task<Results<Ok<Recommendations>, ProblemHttpResult>> RecommendAsync(
        string userId, HttpContext context, RecommendationRequest request, ActiveModel model, PagePosition from, bool withReasons)
    {
        var cancellationToken = context.RequestAborted;
        var found = await profiles.ReadAsync(userId, fresh: false, cancellationToken);
        if (request.FallsBack() && IsStranger(userId, found, model.Stamp))
        {
            var seen = await FindSeenAsync(userId, found, request, cancellationToken);
            var instead = await popular.TopAsync(request, [], seen, cancellationToken);
            return Answer(userId, model.Stamp.Id, 0, RecommendedItems.None, instead, isStale: false);
        }

        if (found.ProblemOf(context, model.Stamp) is { } problem)
            return problem;

        var profile = found.Profile!;
        var read = await recommender.ReadAsync(profile.UserId, isNeeded: request.LeavesOutSeen(), cancellationToken);
        return await AnswerAsync(
            new ContextProfile(profile.UserId, profile.Revision, VectorBytes.ToFloats(profile.Vector), read.Events),
            request, model, from, withReasons, found.IsStale || read.IsStoreAway, cancellationToken);
    }

    /// <summary>What a user without a profile met already: its events may be stored, and its profile not computed yet.</summary>
    private async Task<SeenByUser> FindSeenAsync(
        string userId, FoundProfile found, RecommendationRequest request, CancellationToken cancellationToken)
    {
        var isNeeded = request.LeavesOutSeen() && found.WindowRevision is not null;
        var events = isNeeded ? (await recommender.ReadAsync(userId, isNeeded: true, cancellationToken)).Events : [];
        return request.SeenOf(events, await recommender.ReadSeenAsync(userId, request, cancellationToken));
    }

    /// <summary>By the profile that the user would have after looking at the items of the context, whether or not there is one.</summary>
    private async Task<Results<Ok<Recommendations>, ProblemHttpResult>> RecommendAsync(
        string userId,
        RecommendationContext looksAt,
        RecommendationRequest request,
        ActiveModel model,
        PagePosition from,
        bool withReasons,
        CancellationToken cancellationToken)
    {
        if (!EntityId.IsValid(userId))
            return UserProblems.Unknown(userId);
        if (UserProblems.Refusal(purposes, userId, Purpose.Profile) is { } refusal)
            return refusal;
        return await AnswerAsync(
            await contexts.ComputeAsync(userId, looksAt, model, cancellationToken),
            request, model, from, withReasons, isStale: false, cancellationToken);
    }

    private async Task<Ok<Recommendations>> AnswerAsync(
        ContextProfile profile,
        RecommendationRequest request,
        ActiveModel model,
        PagePosition from,
        bool withReasons,
        bool isStale,
        CancellationToken cancellationToken)
    {
        var seen = request.SeenOf(profile.Events, await recommender.ReadSeenAsync(profile.UserId, request, cancellationToken));
        var page = recommender.Top(
            profile.Vector, profile.Events, model, request, seen, from, RecommendationCursor.OfUser(profile.UserId), withReasons);
        var others = request.FallsBack() ? await popular.TopAsync(request, page.Items, seen, cancellationToken) : null;
        return Answer(profile.UserId, model.Stamp.Id, profile.Revision, page, others, isStale);
    }

    public async Task<Results<Ok<RankedItems>, ProblemHttpResult>> RankAsync(
        string userId, HttpContext context, IReadOnlyList<string> itemIds)
    {
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is null)
            return ItemProblems.NoItemVectors(model.Manifest);
        var found = await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (found.ProblemOf(context, model.Stamp) is { } problem)
            return problem;

        var profile = found.Profile!;
        var read = await recommender.ReadAsync(profile.UserId, isNeeded: false, context.RequestAborted);
        var unavailable = recommender.Unavailable(itemIds);
        string[] asked = [.. itemIds.Except(unavailable, StringComparer.Ordinal)];
        var items = recommender.Rank(VectorBytes.ToFloats(profile.Vector), read.Events, model, asked);
        return TypedResults.Ok(new RankedItems(
            profile.UserId,
            profile.Model,
            profile.Revision,
            items,
            [.. asked.Except(items.Select(i => i.ItemId), StringComparer.Ordinal)],
            unavailable,
            found.IsStale || read.IsStoreAway ? true : null));
    }

    /// <summary>
    /// Whether there is no profile of the user by this model yet. One whose purposes do not allow a profile is no stranger.
    /// </summary>
    private static bool IsStranger(string userId, FoundProfile found, ModelStamp model) =>
        EntityId.IsValid(userId)
        && !found.IsWithheld
        && (found.Profile is not { } profile || !model.Is(profile.Model, profile.Digest));

    private Ok<Recommendations> Answer(
        string userId,
        string model,
        long revision,
        RecommendedItems page,
        PopularItemsInstead? others,
        bool isStale)
    {
        outcomes.CountAnswer(model, page.Items.Count);
        var id = page.Items.Count > 0 ? ids.Make(model) : null;
        return TypedResults.Ok(new Recommendations(
            userId, model, revision, page.Items, others?.Items, isStale || others?.IsStale == true ? true : null, id, page.After));
    }
}
