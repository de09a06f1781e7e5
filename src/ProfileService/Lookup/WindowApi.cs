using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Events;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Lookup;

/// <summary><c>GET /v1/users/{userId}/window</c>: the events that a profile is computed from.</summary>
internal static class WindowApi
{
    public static void MapWindow(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users/{userId}/window", GetWindow)
            .WithTags("Profiles")
            .Costs(ReadCost.Window)
            .RequiresScopes(Scopes.RawRead)
            .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>Gets a user's window</summary>
    /// <remarks>The user's newest events, the newest last: those that the profile is computed from.</remarks>
    /// <response code="200">The window.</response>
    private static async Task<Results<Ok<UserWindow>, ProblemHttpResult>> GetWindow(
        string userId, IWindowStore windows, CancellationToken cancellationToken) =>
        EntityId.IsValid(userId) && await windows.FindAsync(userId, cancellationToken) is { } found
            ? TypedResults.Ok(UserWindow.From(found))
            : Problems.NotFound("no_window", "This user has no window. Post one of the user's events to /v1/events first.");
}

/// <summary>The events behind a profile.</summary>
/// <param name="UserId">Whose events they are.</param>
/// <param name="Revision">Rises with each change of the events or the attributes.</param>
/// <param name="Digest">SHA-256 of the window's bytes in lower-case hex; windows of equal events have equal digests.</param>
/// <param name="Events">As posted, but for texts that were removed; the newest last.</param>
internal sealed record UserWindow(
    [Id] string UserId, long Revision, [Text(64, "^[0-9a-f]{64}$")] string Digest, IReadOnlyList<StoredEvent> Events)
{
    public static UserWindow From(StoredWindow found) => new(
        found.Window.UserId, found.Revision, WindowCodec.Digest(found.Window), [.. found.Window.Events.Select(StoredEvent.From)]);
}
