using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Attributes;

/// <summary>The attributes endpoints: one user and many.</summary>
internal static class AttributesApi
{
    public static void MapAttributes(this IEndpointRouteBuilder routes)
    {
        var attributes = routes.MapGroup("").WithTags("Attributes");
        attributes.MapPut("/users/{userId}/attributes", PutAttributes).TakesObject<IReadOnlyDictionary<string, JsonElement>>()
            .RequiresScopes(Scopes.AttributesWrite)
            .ProducesProblem(StatusCodes.Status409Conflict);
        attributes.MapGet("/users/{userId}/attributes", GetAttributes)
            .Costs(ReadCost.Row)
            .RequiresScopes(Scopes.ProfilesRead)
            .ProducesProblem(StatusCodes.Status404NotFound);
        attributes.MapPost("/attributes", PostAttributes).TakesBatch<AttributesEntry>(routes.ServiceProvider)
            .RequiresScopes(Scopes.AttributesWrite);
    }

    /// <summary>Replaces a user's attributes</summary>
    /// <remarks>
    /// What is known of the user beside the events: up to 64 names, each with a string, a number or a boolean. A value of null is the same
    /// as leaving the name out. A whole number with more digits than a double keeps is refused: send it as a string. Attributes that the
    /// active model does not read are kept, and listed as unused.
    /// The user's profile is computed again. 409 if the user's purposes do not allow a profile.
    /// </remarks>
    /// <response code="200">The attributes as stored.</response>
    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> PutAttributes(
        string userId,
        HttpContext context,
        BatchEndpoint endpoint,
        AttributeParser parser,
        AttributeIntake intake,
        ProfileRefusal refusal,
        ModelSlot models,
        ModelRegistry registry)
    {
        if (EntityId.ProblemOf("userId", userId) is var (code, detail))
            return Problems.Bad(code, "userId", detail);
        var (user, problem) = await endpoint.ReadOneAsync(
            context, (ref json, _, out wrong) => parser.Parse(ref json, userId, out wrong));
        if (user is null)
            return problem!;
        if (refusal.Covers(userId))
            return Problems.Conflict(ProfileRefusal.Code, ProfileRefusal.Detail);
        await intake.StoreAsync([user], context.RequestAborted);
        return TypedResults.Ok(AttributesResponse.From(user, registry.IsActive ? models.Current.Manifest : null));
    }

    /// <summary>Gets a user's attributes</summary>
    /// <remarks>What was put last, and which of it the active model does not read.</remarks>
    /// <response code="200">The attributes.</response>
    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> GetAttributes(
        string userId, AttributeStore store, ModelSlot models, ModelRegistry registry, CancellationToken cancellationToken) =>
        EntityId.IsValid(userId) && await store.FindAsync(userId, cancellationToken) is { } found
            ? TypedResults.Ok(AttributesResponse.From(found, registry.IsActive ? models.Current.Manifest : null))
            : Problems.NotFound("no_attributes", "This user has no attributes. PUT them to this address first.");

    /// <summary>Replaces the attributes of many users</summary>
    /// <remarks>
    /// One entry, an array of up to 1,000, or a stream of any length as <c>application/x-ndjson</c>, one entry per line.
    /// Each entry is judged on its own: a bad one does not affect the others. If a user is named twice, the last entry counts.
    /// A body that cannot be read, or in which every entry is bad, is 400.
    /// </remarks>
    /// <response code="200">The good entries are stored.</response>
    private static async Task<Results<Ok<BatchSummary>, ProblemHttpResult>> PostAttributes(
        HttpContext context, BatchEndpoint endpoint, AttributeIntake intake)
    {
        var (summary, refusal) = await endpoint.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.AllRejected ? BatchEndpoint.NothingTaken(summary, intake.Noun) : TypedResults.Ok(BatchSummary.From(summary));
    }
}

/// <summary>The attributes of one of many users.</summary>
/// <param name="UserId">Whose they are.</param>
/// <param name="Attributes">Name and value, up to 64; they replace all that the user has.</param>
internal sealed record AttributesEntry([Id] string UserId, IReadOnlyDictionary<string, JsonElement> Attributes);

/// <summary>What is known of a user beside the events.</summary>
/// <param name="UserId">Whose attributes they are.</param>
/// <param name="Attributes">Name and value, as they were put.</param>
/// <param name="Unused">Names of those that the active model does not read; empty from a process that does not have that model.</param>
/// <param name="UpdatedAt">When they were put.</param>
internal sealed record AttributesResponse(
    [Id] string UserId, IReadOnlyDictionary<string, JsonElement> Attributes, IReadOnlyList<string> Unused, DateTime UpdatedAt)
{
    public static AttributesResponse From(AttributesRow user, ModelManifest? model)
    {
        var values = user.ToValues();
        string[] unused = model is null ? [] : [.. values.Keys.Except(model.Inputs.Attributes.Select(a => a.Name!))];
        return new(user.UserId, values, unused, user.UpdatedAt);
    }
}
