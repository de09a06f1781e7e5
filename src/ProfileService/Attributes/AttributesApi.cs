using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Events;
using ProfileService.Hosting;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>The door to attributes: of one user and of many.</summary>
internal static class AttributesApi
{
    private const int MaxUsers = 1_000;

    public static void MapAttributes(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/users/{userId}/attributes", PutAttributes)
            .WithTags("Attributes")
            .WithSummary("Replace a user's attributes")
            .WithDescription("""
                Name and value of what is known of the user beside the events: strings up to 256 characters, numbers, booleans; up to 64.
                Those that the active model does not read are kept and listed as unused. The user's profile is computed anew.
                """)
            .ProducesProblem(StatusCodes.Status400BadRequest);

        routes.MapGet("/v1/users/{userId}/attributes", GetAttributes)
            .WithTags("Attributes")
            .WithSummary("A user's attributes")
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/v1/attributes", PostAttributes)
            .WithTags("Attributes")
            .WithSummary("Replace the attributes of many users")
            .WithDescription("An array of up to 1,000. The verdict is per user: a bad one costs the others nothing. Of a user that is named twice the last one stands.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> PutAttributes(
        string userId, JsonElement attributes, HttpContext context, AttributeStore store, ModelSlot models, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Parse(RouteIds.Exact(context, userId), attributes, 0, time, out var problem) is not { } parsed)
        {
            return TypedResults.Problem(problem!.Detail, statusCode: StatusCodes.Status400BadRequest, extensions: new Dictionary<string, object?>
            {
                ["code"] = problem.Code,
                ["field"] = problem.Field,
            });
        }

        await store.StoreAsync([parsed], cancellationToken);
        return TypedResults.Ok(AttributesResponse.From(parsed, models.Current.Manifest));
    }

    private static async Task<Results<Ok<AttributesResponse>, ProblemHttpResult>> GetAttributes(
        string userId, HttpContext context, AttributeStore store, ModelSlot models, CancellationToken cancellationToken) =>
        await store.FindAsync(RouteIds.Exact(context, userId), cancellationToken) is { } found
            ? TypedResults.Ok(AttributesResponse.From(found, models.Current.Manifest))
            : TypedResults.Problem("This user has no attributes. PUT them to this address first.", statusCode: StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<AttributesSummary>, ProblemHttpResult>> PostAttributes(
        IReadOnlyList<JsonElement>? users, AttributeStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        if (users is null || users.Count > MaxUsers)
            return TypedResults.Problem($"Send an array of up to {MaxUsers:N0} users.", statusCode: StatusCodes.Status400BadRequest);
        var (parsed, problems) = (new Dictionary<string, UserAttributes>(), new List<EventProblem>());
        foreach (var (i, user) in users.Index())
        {
            if (ParseLine(user, i, time, out var problem) is { } attributes)
                parsed[attributes.UserId] = attributes;
            else
                problems.Add(problem!);
        }

        if (parsed.Count > 0)
            await store.StoreAsync([.. parsed.Values], cancellationToken);
        return TypedResults.Ok(new AttributesSummary(users.Count - problems.Count, problems.Count, problems));
    }

    private static UserAttributes? ParseLine(JsonElement line, int index, TimeProvider time, out EventProblem? problem)
    {
        problem = null;
        if (line.ValueKind != JsonValueKind.Object)
            problem = new EventProblem(index, "wrong_type", null, "A user is a JSON object with userId and attributes.");
        else if (!line.TryGetProperty("userId", out var id) || id.ValueKind != JsonValueKind.String)
            problem = new EventProblem(index, "missing_field", "userId", "userId is required: a string.");
        else if (!line.TryGetProperty("attributes", out var attributes))
            problem = new EventProblem(index, "missing_field", "attributes", "attributes is required: a JSON object.");
        else
            return Parse(TextOf(id), attributes, index, time, out problem);
        return null;
    }

    private static UserAttributes? Parse(string userId, JsonElement attributes, long index, TimeProvider time, out EventProblem? problem)
    {
        if (!EntityId.IsValid(userId))
        {
            problem = new EventProblem(index, "invalid_length", "userId", $"userId must have 1 to {EntityId.MaxLength} characters, none of them a control character.");
            return null;
        }

        return AttributeParser.Parse(attributes, index, out problem) is { } values
            ? new UserAttributes { UserId = userId, Values = values, UpdatedAt = time.GetUtcNow().UtcDateTime }
            : null;
    }

    private static string TextOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair: no valid id
        {
            return "";
        }
    }
}

/// <summary>A user's attributes.</summary>
/// <param name="Attributes">As they were put.</param>
/// <param name="Unused">Names of those that the active model does not read.</param>
internal sealed record AttributesResponse(string UserId, IReadOnlyDictionary<string, JsonElement> Attributes, IReadOnlyList<string> Unused, DateTime UpdatedAt)
{
    public static AttributesResponse From(UserAttributes user, ModelManifest model)
    {
        var values = user.ToValues();
        return new(user.UserId, values, [.. values.Keys.Except(model.Inputs.Attributes.Select(a => a.Name!))], user.UpdatedAt);
    }
}

/// <summary>What became of the attributes of many users.</summary>
/// <param name="Problems">One for each that was rejected.</param>
internal sealed record AttributesSummary(int Accepted, int Rejected, IReadOnlyList<EventProblem> Problems);
