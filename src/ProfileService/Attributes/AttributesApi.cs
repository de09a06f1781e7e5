using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Attributes;

/// <summary>The door to attributes: of one user and of many.</summary>
internal static class AttributesApi
{
    public static void MapAttributes(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/users/{userId}/attributes", PutAttributes)
            .WithTags("Attributes")
            .WithSummary("Replace a user's attributes")
            .WithDescription("""
                Name and value of what is known of the user beside the events: strings up to 256 characters, numbers, booleans; up to 64.
                null is as good as left out.
                Those that the active model does not read are kept and listed as unused. The user's profile is computed anew.
                """)
            .Accepts<JsonElement>(BatchDoor.Json)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        routes.MapGet("/v1/users/{userId}/attributes", GetAttributes)
            .WithTags("Attributes")
            .WithSummary("A user's attributes")
            .Costs(ReadCost.OfARow)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/v1/attributes", PostAttributes)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<IngestLimits>().Early)
            .WithTags("Attributes")
            .WithSummary("Replace the attributes of many users")
            .WithDescription("""
                One object of userId and attributes, an array of up to 1,000, or a stream of any length as application/x-ndjson, one object a line.
                The verdict is per user: a bad one costs the others nothing. Of a user that is named twice the last one stands.
                A body that cannot be read, or of which every user is rejected, is 400.
                """)
            .Accepts<PostedAttributes>(BatchDoor.Json, BatchDoor.Ndjson)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> PutAttributes(
        string userId, HttpContext context, BatchDoor door, AttributeParser parser, AttributeIntake intake, ModelSlot models, ModelRegistry registry)
    {
        if (EntityId.ProblemOf("userId", userId) is var (code, detail))
            return Problems.Bad(code, "userId", detail);
        var (user, refusal) = await door.ReadOneAsync(context, (ref json, _, out problem) => parser.Parse(ref json, userId, out problem));
        if (user is null)
            return refusal!;
        await intake.StoreAsync([user], context.RequestAborted);
        return TypedResults.Ok(AttributesResponse.From(user, registry.IsOwn ? models.Current.Manifest : null));
    }

    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> GetAttributes(
        string userId, AttributeStore store, ModelSlot models, ModelRegistry registry, CancellationToken cancellationToken) =>
        EntityId.IsValid(userId) && await store.FindAsync(userId, cancellationToken) is { } found
            ? TypedResults.Ok(AttributesResponse.From(found, registry.IsOwn ? models.Current.Manifest : null))
            : Problems.NotFound("no_attributes", "This user has no attributes. PUT them to this address first.");

    private static async Task<Results<Ok<BatchSummary>, ProblemHttpResult>> PostAttributes(
        HttpContext context, BatchDoor door, AttributeIntake intake)
    {
        var (summary, refusal) = await door.ReadAsync(context, intake);
        if (summary is null)
            return refusal!;
        return summary.AllRejected ? BatchDoor.NothingTaken(summary, intake.Noun) : TypedResults.Ok(BatchSummary.From(summary));
    }
}

/// <summary>A user's attributes as they are posted.</summary>
/// <param name="UserId">Opaque, 1 to 128 characters, no control characters, not . or ..</param>
/// <param name="Attributes">Name and value, up to 64.</param>
internal sealed record PostedAttributes(string UserId, IReadOnlyDictionary<string, JsonElement> Attributes);

/// <summary>A user's attributes.</summary>
/// <param name="Attributes">As they were put.</param>
/// <param name="Unused">Names of those that the active model does not read; empty in a process that does not have it.</param>
internal sealed record AttributesResponse(string UserId, IReadOnlyDictionary<string, JsonElement> Attributes, IReadOnlyList<string> Unused, DateTime UpdatedAt)
{
    public static AttributesResponse From(UserAttributes user, ModelManifest? model)
    {
        var values = user.ToValues();
        return new(user.UserId, values, model is null ? [] : [.. values.Keys.Except(model.Inputs.Attributes.Select(a => a.Name!))], user.UpdatedAt);
    }
}
