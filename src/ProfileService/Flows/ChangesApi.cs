using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary><c>GET /v1/profiles/changes</c>: which profiles changed.</summary>
internal static class ChangesApi
{
    private const int MaxLimit = 1_000;
    private const int MaxWait = 30;
    private const int MaxCursor = 80;
    private const string LastEventId = "Last-Event-ID";

    private static readonly ApiHeader LastEventIdHeader =
        new(LastEventId, "Of text/event-stream alone: the id of the last event that was read; it goes before after.", typeof(string));

    public static void MapChanges(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/profiles/changes", FollowProfiles)
            .WithTags("Profiles")
            .RequiresScopes(Scopes.ProfilesRead, Scopes.UsersList)
            .WithMetadata(LastEventIdHeader)
            .Produces<ProfileChange>(StatusCodes.Status200OK, BatchEndpoint.Ndjson, ChangeStreamResult.ContentType)
            .ProducesProblem(StatusCodes.Status410Gone);

    /// <summary>Follows which profiles change</summary>
    /// <remarks>
    /// Profiles by the active model that were stored after the cursor, in the order of their last change, and deletions: of users that
    /// were erased, and of those whose purposes no longer allow a profile. At least once: keep the cursor when a page is applied, and
    /// ask again with it. A stream of JSON objects, one a line; the last is <c>{"cursor":"…"}</c>: an answer without it was cut off. With
    /// <c>Accept: text/event-stream</c>, Server-Sent Events whose ids are cursors.
    /// 410 with code <c>cursor_unknown</c> if the cursor is not of this database: export the profiles again.
    /// </remarks>
    /// <param name="after">
    /// The cursor of the answer before, or of an export; the first change if left out. A profile that a version without changes stored is
    /// told with its next change: export first.
    /// </param>
    /// <param name="wait">How many seconds to wait if nothing has changed yet. An event stream waits as long as it is open.</param>
    /// <param name="limit">How many profiles a page has at most; deletions come beside them, up to as many of each kind.</param>
    /// <param name="vectors">How to answer with the vectors of the profiles; without them if left out.</param>
    /// <response code="200">The changes.</response>
    private static async Task<Results<ChangesResult, ChangeStreamResult, ProblemHttpResult>> FollowProfiles(
        HttpContext context,
        ChangeFeed feed,
        ChangeWatch watch,
        FlowSlots slots,
        CancellationToken cancellationToken,
        [Text(MaxCursor)] string? after = null,
        [Range(0, MaxWait)] int wait = 0,
        [Range(1, MaxLimit)] int limit = MaxLimit,
        [OneOf(VectorForms.Floats, VectorForms.Base64)] string? vectors = null)
    {
        var isStream = AcceptHeader.Prefers(context.Request, ChangeStreamResult.ContentType, BatchEndpoint.Ndjson);
        var field = nameof(after);
        if (isStream && context.Request.Headers[LastEventId].ToString() is { Length: > 0 } last)
            (after, field) = (last, LastEventId);
        if (VectorForms.Parse(vectors, VectorForm.None) is not { } form)
            return FlowProblems.WrongVectors();
        if (after is not null && ChangeCursor.Parse(after) is null)
            return FlowProblems.WrongCursor(field);
        slots.HoldFollower(context);
        var horizon = await watch.LookAsync(cancellationToken);
        // Who begins has nothing that could be deleted, and is not told who was.
        var cursor = after is null ? horizon.Cursor with { Profiles = 0 } : ChangeCursor.Parse(after)!.Value;
        if (horizon.IsBefore(cursor))
            return FlowProblems.UnknownCursor(field);
        var request = new FollowRequest(TimeSpan.FromSeconds(wait), limit, form);
        var first = await feed.ReadAsync(cursor, horizon, request, cancellationToken);
        return isStream ? new ChangeStreamResult(feed, request, first) : new ChangesResult(feed, request, first);
    }
}
