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
        routes.MapGet("/v1/users/{userId}/window", GetWindow)
            .WithTags("Profiles")
            .WithSummary("A user's window")
            .Costs(ReadCost.OfAWindow)
            .WithDescription("The user's newest events, the newest last. digest is the SHA-256 of the window's bytes: equal windows have equal digests.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status500InternalServerError);

    private static async Task<Results<Ok<WindowResponse>, ProblemHttpResult>> GetWindow(
        string userId, IWindowStore windows, CancellationToken cancellationToken) =>
        EntityId.IsValid(userId) && await windows.FindAsync(userId, cancellationToken) is { } found
            ? TypedResults.Ok(WindowResponse.From(found))
            : Problems.NotFound("no_window", "This user has no window. Post an event of it to /v1/events first.");
}

/// <summary>A user's window.</summary>
/// <param name="Revision">Rises by one with each change.</param>
/// <param name="Digest">SHA-256 of the window's bytes, lower-case hex; it depends on the events alone.</param>
/// <param name="Events">As posted, the newest last.</param>
internal sealed record WindowResponse(string UserId, long Revision, string Digest, IReadOnlyList<PostedEvent> Events)
{
    public static WindowResponse From(StoredWindow found) => new(
        found.Window.UserId, found.Revision, WindowCodec.Digest(found.Window), [.. found.Window.Events.Select(PostedEvent.From)]);
}
