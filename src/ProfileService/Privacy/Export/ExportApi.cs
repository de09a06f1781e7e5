using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy.Export;

/// <summary>All that is known of a user.</summary>
internal static class ExportApi
{
    public static void MapExport(this IEndpointRouteBuilder routes)
    {
        var privacy = routes.MapGroup("").WithTags("Privacy").RequiresScopes(Scopes.Privacy);
        privacy.MapGet("/users/{userId}/export", ExportUser).Costs(ReadCost.Comparison)
            .Produces<ExportContents>(StatusCodes.Status200OK, BatchEndpoint.Ndjson);
        privacy.MapPost("/exports", ExportAnyUser).Costs(ReadCost.Comparison).TakesObject<ExportRequest>()
            .Produces<ExportContents>(StatusCodes.Status200OK, BatchEndpoint.Ndjson);
    }

    /// <summary>Exports all that is known of a user</summary>
    /// <remarks>
    /// A stream of JSON objects, one a line. The first is the table of contents, described below. Then comes one for each thing that a
    /// store has, with the name of its section. The last is <c>{"section":"end","lines":N}</c>: an answer without it was cut off. A user
    /// of whom nothing is known is answered with counts of zero.
    /// </remarks>
    /// <response code="200">The export.</response>
    private static async Task<Results<ExportResult, ProblemHttpResult>> ExportUser(
        string userId, UserExport export, CancellationToken cancellationToken) =>
        EntityId.ProblemOf("userId", userId) is var (code, detail)
            ? Problems.Bad(code, "userId", detail)
            : ResultOf(await export.OpenAsync(userId, cancellationToken));

    /// <summary>Exports all that is known of a user whose id may be one that no address can hold</summary>
    /// <remarks>As for a user in the address.</remarks>
    /// <response code="200">The export.</response>
    private static async Task<Results<ExportResult, ProblemHttpResult>> ExportAnyUser(
        HttpContext context, BatchEndpoint endpoint, UserExport export)
    {
        var (request, refusal) = await endpoint.ReadOneAsync<ExportRequest>(context, ExportParser.Parse);
        if (request is null)
            return refusal!;
        context.Features.Set(new AuditedUsers([request.UserId]));
        return ResultOf(await export.OpenAsync(request.UserId, context.RequestAborted));
    }

    private static ExportResult ResultOf(OpenExport export) => new(export.Contents, export.Sections, export);
}
