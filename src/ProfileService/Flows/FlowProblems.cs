using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>What can be wrong with a request for what flows out.</summary>
internal static class FlowProblems
{
    public static ProblemHttpResult WrongVectors() =>
        Problems.Bad("invalid_parameter", "vectors", $"vectors must be {VectorForms.Floats} or {VectorForms.Base64}.");

    /// <param name="field">Where the cursor was given.</param>
    public static ProblemHttpResult WrongCursor(string field) => Problems.Bad(
        "invalid_cursor", field, $"{field} is not a cursor. Take it as it was answered with; leave it out to begin with the first change.");

    public static ProblemHttpResult UnknownCursor(string field) => Problems.Of(
        StatusCodes.Status410Gone,
        "cursor_unknown",
        "The cursor is ahead of this database: it is of another service, or the database was restored from a backup. Export the "
        + "profiles again (GET /v1/profiles/export), replace your copy by them, and go on with the cursor of the export.",
        field);
}
