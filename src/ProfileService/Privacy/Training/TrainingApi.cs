using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Privacy.Export;

namespace ProfileService.Privacy.Training;

/// <summary><c>GET /v1/exports/training</c>: what models may be trained on.</summary>
internal static class TrainingApi
{
    public static void MapTraining(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/exports/training", ExportTraining)
            .WithTags("Privacy")
            .RequiresScopes(Scopes.RawRead, Scopes.UsersList)
            .Costs(ReadCost.Comparison)
            .Produces<TrainingContents>(StatusCodes.Status200OK, BatchEndpoint.Ndjson);

    /// <summary>Exports what models may be trained on</summary>
    /// <remarks>
    /// A stream of JSON objects, one a line: the events of all users whose purposes allow <c>train</c>, of the archive if there is one, of
    /// the windows otherwise; each event once. The first line says up to which erasure that is true. The last is
    /// <c>{"section":"end","lines":N}</c>: an answer without it was cut off. Users have pseudonyms, the same ones in each export.
    /// One export at a time; 503 while another is sent.
    /// </remarks>
    /// <param name="ids">Whether users have their ids, not pseudonyms.</param>
    /// <param name="texts">Whether events have their texts.</param>
    /// <param name="attributes">Names of attributes to export; repeat the parameter, or separate names by commas.</param>
    /// <param name="erasedAfter">
    /// Exports the pseudonyms of those, too, who were erased after this number in the ledger, so that a package trained before can forget
    /// them.
    /// </param>
    /// <response code="200">The export.</response>
    private static async Task<Results<ExportResult, ProblemHttpResult>> ExportTraining(
        TrainingExport training,
        CancellationToken cancellationToken,
        bool ids = false,
        bool texts = false,
        [Name, MaxLength(TrainingParts.MaxAttributes)] string[]? attributes = null,
        [Range(0, int.MaxValue)] int? erasedAfter = null)
    {
        string[] names = [.. (attributes ?? []).SelectMany(list => list.Split(','))];
        if (names.Length > TrainingParts.MaxAttributes || names.Any(name => name.Length == 0))
            return Problems.Bad("invalid_parameter", "attributes", $"attributes must be 1 to {TrainingParts.MaxAttributes} names.");
        var parts = new TrainingParts(ids, texts, names, erasedAfter);
        var export = await training.OpenAsync(parts, cancellationToken);
        if (erasedAfter > export.Contents.LedgerSequence)
        {
            await export.DisposeAsync();
            return Problems.Bad(
                ErrorCodes.OutOfRange,
                "erasedAfter",
                "erasedAfter is above the number of the last erasure in the ledger. Is it of another service?");
        }

        return new ExportResult(export.Contents, export.Sections, export);
    }
}

/// <summary>What a training export is to have.</summary>
internal sealed record TrainingParts(bool Ids, bool Texts, IReadOnlyList<string> Attributes, int? ErasedAfter)
{
    public const int MaxAttributes = 64;
}
