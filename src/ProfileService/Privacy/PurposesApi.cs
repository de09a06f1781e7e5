using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>What users' data may be used for: of one user and of many.</summary>
internal static class PurposesApi
{
    public static void MapPurposes(this IEndpointRouteBuilder routes)
    {
        var purposes = routes.MapGroup("").WithTags("Privacy").RequiresScopes(Scopes.Privacy);
        purposes.MapGet("/users/{userId}/purposes", GetPurposes).Costs(ReadCost.Row);
        purposes.MapPut("/users/{userId}/purposes", PutPurposes).TakesObject<PurposesRequest>();
        purposes.MapPost("/purposes", PostPurposes).TakesBatch<PurposesEntry>(routes.ServiceProvider);
    }

    /// <summary>Gets a user's purposes</summary>
    /// <remarks>What the user's data may be used for. If nobody has set it, that is what Privacy:DefaultPurposes says.</remarks>
    /// <response code="200">The purposes in force.</response>
    private static async Task<Results<Ok<PurposesResponse>, ProblemHttpResult>> GetPurposes(
        string userId, PurposeStore store, UserPurposes purposes, CancellationToken cancellationToken) =>
        EntityId.ProblemOf("userId", userId) is var (code, detail)
            ? Problems.Bad(code, "userId", detail)
            : TypedResults.Ok(await store.FindAsync(userId, cancellationToken) is [.., var latest]
                ? PurposesResponse.From(userId, latest)
                : PurposesResponse.ByDefault(userId, purposes.Default));

    /// <summary>Sets a user's purposes</summary>
    /// <remarks>
    /// What the user's data may be used for; every purpose must be named. It holds for this process at once, and for others within a
    /// second. Without <c>profile</c> the user's profiles are deleted, none is computed or answered with, and events and attributes are
    /// rejected (or kept, see Privacy:WithoutProfile). It outlives an erasure of the user.
    /// </remarks>
    /// <response code="200">The purposes in force.</response>
    private static async Task<Results<Ok<PurposesResponse>, ProblemHttpResult>> PutPurposes(
        string userId, HttpContext context, BatchEndpoint endpoint, PurposeSetter setter)
    {
        if (EntityId.ProblemOf("userId", userId) is var (code, detail))
            return Problems.Bad(code, "userId", detail);
        var (given, refusal) = await endpoint.ReadOneAsync(
            context, (ref json, _, out problem) => PurposeParser.Parse(ref json, userId, out problem));
        if (given is null)
            return refusal!;
        var users = new Dictionary<string, Purpose> { [userId] = given.Purposes };
        var changes = await setter.SetAsync(users, context.RequestAborted);
        return TypedResults.Ok(PurposesResponse.From(userId, changes.Single(c => c.UserId == userId).Row));
    }

    /// <summary>Sets the purposes of many users</summary>
    /// <remarks>
    /// One entry, an array of up to 1,000, or a stream of any length as <c>application/x-ndjson</c>, one entry per line. Each entry is
    /// judged on its own: a bad one does not affect the others. If a user is named twice, the last entry counts.
    /// </remarks>
    /// <response code="200">The good entries are in force.</response>
    private static async Task<Results<Ok<BatchSummary>, ProblemHttpResult>> PostPurposes(
        HttpContext context, BatchEndpoint endpoint, PurposeSetter setter)
    {
        var intake = new PurposeIntake(setter, context.Features.Get<AuditedStream>());
        var (summary, refusal) = await endpoint.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.AllRejected ? BatchEndpoint.NothingTaken(summary, intake.Noun) : TypedResults.Ok(BatchSummary.From(summary));
    }
}

/// <summary>What a user's data may be used for.</summary>
/// <param name="Profile">Computing a profile, and answering with it: vector, dimensions, recommendations, predictions.</param>
/// <param name="Explain">Showing which events and attributes made the profile.</param>
/// <param name="Similar">Naming the user among those that are like another, and finding those that are like this one.</param>
/// <param name="Train">Training models: <c>profiles export --purpose train</c> leaves out the others.</param>
internal sealed record PurposesRequest(bool Profile, bool Explain, bool Similar, bool Train);

/// <summary>What the data of one of many users may be used for.</summary>
/// <param name="UserId">Whose data it is.</param>
/// <param name="Profile">Computing a profile, and answering with it.</param>
/// <param name="Explain">Showing what made the profile.</param>
/// <param name="Similar">Naming the user among similar ones.</param>
/// <param name="Train">Training models.</param>
internal sealed record PurposesEntry([Id] string UserId, bool Profile, bool Explain, bool Similar, bool Train);

/// <summary>What a user's data may be used for.</summary>
/// <param name="UserId">Whose data it is.</param>
/// <param name="Profile">Computing a profile, and answering with it.</param>
/// <param name="Explain">Showing what made the profile.</param>
/// <param name="Similar">Naming the user among similar ones.</param>
/// <param name="Train">Training models.</param>
/// <param name="Version">Rises by one with each change; 0 if it is the default.</param>
/// <param name="SetAt">Since when it holds; left out if it is the default.</param>
internal sealed record PurposesResponse(
    [Id] string UserId, bool Profile, bool Explain, bool Similar, bool Train, int Version, DateTime? SetAt)
{
    public static PurposesResponse From(string userId, PurposesRow row) =>
        new(userId, row.Profile, row.Explain, row.Similar, row.Train, row.Version, row.SetAt);

    public static PurposesResponse ByDefault(string userId, Purpose purposes) => new(
        userId,
        purposes.HasFlag(Purpose.Profile),
        purposes.HasFlag(Purpose.Explain),
        purposes.HasFlag(Purpose.Similar),
        purposes.HasFlag(Purpose.Train),
        0,
        null);
}
