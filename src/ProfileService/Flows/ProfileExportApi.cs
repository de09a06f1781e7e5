using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary><c>GET /v1/profiles/export</c>: the vectors of all users.</summary>
internal static class ProfileExportApi
{
    public static void MapProfileExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/profiles/export", ExportProfiles)
            .WithTags("Profiles")
            .RequiresScopes(Scopes.ProfilesRead, Scopes.UsersList)
            .Costs(ReadCost.Comparison)
            .Produces<ProfileExportHead>(StatusCodes.Status200OK, BatchEndpoint.Ndjson);

    /// <summary>Exports the vectors of all users</summary>
    /// <remarks>
    /// A stream of JSON objects, one a line, of the profiles by the active model in the order of user ids. The first line, described
    /// below, has the cursor from which to follow the changes: those made while the export is read come after it. Then comes a line
    /// for each profile: userId, pseudonym, revision, computedAt, vector. The last is <c>{"profiles":N}</c>, with <c>next</c>, the user id
    /// to go on after, if there are more: an answer without it was cut off, and can be continued after the last user id.
    /// </remarks>
    /// <param name="after">The user id after which to begin; left out for the first one.</param>
    /// <param name="limit">How many profiles to answer with at most; all if left out.</param>
    /// <param name="vectors">The form of the vectors; floats if left out.</param>
    /// <response code="200">The profiles.</response>
    private static async Task<Results<ProfileExportResult, ProblemHttpResult>> ExportProfiles(
        HttpContext context,
        ProfileExport export,
        ChangeWatch watch,
        FlowSlots slots,
        ModelSlot models,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Text(EntityId.MaxLength)] string? after = null,
        [Range(1, int.MaxValue)] int? limit = null,
        [OneOf(VectorForms.Floats, VectorForms.Base64)] string? vectors = null)
    {
        if (VectorForms.Parse(vectors, VectorForm.Floats) is not { } form)
            return FlowProblems.WrongVectors();
        if (after is not null && EntityId.ProblemOfName("after", after) is var (code, detail))
            return Problems.Bad(code, "after", detail);
        slots.HoldExport(context);
        var (horizon, current) = (await watch.LookAsync(cancellationToken), models.Current);
        var model = horizon.Model;
        var count = Math.Min(ProfileExport.PageSize, limit ?? int.MaxValue);
        var first = await export.ReadAsync(model, after ?? "", count, cancellationToken);
        var head = new ProfileExportHead(
            horizon.Cursor.ToString(),
            model.Id,
            model.Digest,
            current.Stamp.Is(model) ? current.Manifest.Dimension : null,
            time.GetUtcNow().UtcDateTime);
        return new ProfileExportResult(export, model, head, first, limit, form);
    }
}
