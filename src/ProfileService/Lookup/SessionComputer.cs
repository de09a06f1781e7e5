using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProfileService.Dimensions;
using ProfileService.Model;
using ProfileService.Purposes;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Computes the profile of a session as a refresh would, from the window that its events make. Nothing is stored.</summary>
internal sealed class SessionComputer(
    ProfileComputer computer,
    Recommender recommender,
    PopularFallback popular,
    UserPurposes purposes,
    ModelSlot models,
    ModelRegistry registry,
    IOptions<WindowOptions> options)
{
    private const string CursorField = $"recommend.{RecommendationCursor.Field}";

    public async Task<Results<Ok<SessionProfile>, ProblemHttpResult>> ComputeAsync(Session session, CancellationToken cancellationToken)
    {
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (session.UserId.Length > 0 && UserProblems.Refusal(purposes, session.UserId, Purpose.Profile) is { } refusal)
            return refusal;
        if (session.Recommend is not null && model.Items is null)
            return ItemProblems.NoItemVectors(model.Manifest);
        var from = PagePosition.Start;
        if (session.Recommend is { After: not null } page)
        {
            var owner = RecommendationCursor.OfSession(session.UserId);
            if (RecommendationCursor.Read(page, model.Stamp, owner, out var wrongCursor, CursorField) is not { } position)
                return wrongCursor!;
            from = position;
        }

        var window = Window.Empty(session.UserId);
        foreach (var e in session.Events)
            window.Append(e, options.Value, out _);
        var computed = Answer(computer.ComputeAlone(model, window, session.Attributes)) with { UnknownFields = session.UnknownFields };
        return TypedResults.Ok(session.Recommend is { } asked
            ? await RecommendAsync(computed, window, model, asked, from, cancellationToken)
            : computed);
    }

    private async Task<SessionProfile> RecommendAsync(
        SessionProfile session,
        Window window,
        ActiveModel model,
        RecommendationRequest request,
        PagePosition from,
        CancellationToken cancellationToken)
    {
        var seen = request.SeenOf(window.Events);
        var (items, after) = recommender.Top(
            session.Vector, window.Events, model, request, seen, from, RecommendationCursor.OfSession(window.UserId));
        var instead = request.FallsBack() ? await popular.TopAsync(request, items, seen, cancellationToken) : null;
        return session with { Items = items, After = after, Popular = instead?.Items, Stale = instead is { IsStale: true } ? true : null };
    }

    private static SessionProfile Answer(Profile profile) => new(
        VectorBytes.ToFloats(profile.Vector),
        profile.Vector.Length / sizeof(float),
        profile.Model,
        profile.EventCount,
        Math.Round(profile.Evidence, 4),
        ProfileDimensions.FromJson(profile.Dimensions)!);
}
