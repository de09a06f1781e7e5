using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>Erasing users, and the receipts of it.</summary>
internal static class PrivacyApi
{
    public static void MapPrivacy(this IEndpointRouteBuilder routes)
    {
        var privacy = routes.MapGroup("").WithTags("Privacy").RequiresScopes(Scopes.Privacy);
        privacy.MapDelete("/users/{userId}", EraseUser);
        privacy.MapPost("/erasures", EraseUsers).TakesObjectOrLines<ErasureRequest, ErasureLine>();
        privacy.MapGet("/erasures/{receipt}", GetErasure).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Erases a user</summary>
    /// <remarks>
    /// Everything that is known of the user goes from every store and memory: window, profiles, attributes, archived events. The answer
    /// comes at once, with a receipt. What is sent again afterwards with an earlier time is not taken; a later event begins anew. A user
    /// of whom nothing is known is erased, too.
    /// </remarks>
    /// <response code="202">The user will be erased, even if the service stops now.</response>
    private static async Task<Results<Accepted<ErasureReceipt>, ProblemHttpResult>> EraseUser(
        string userId, Erasures erasures, CancellationToken cancellationToken) =>
        EntityId.ProblemOf("userId", userId) is var (code, detail)
            ? Problems.Bad(code, "userId", detail)
            : Accepted(await erasures.RequestAsync([userId], cancellationToken));

    /// <summary>Erases many users</summary>
    /// <remarks>
    /// As for one user, with one receipt. For lists, and for ids that no address can hold: an object with up to 1,000 ids, or a stream of
    /// any length as <c>application/x-ndjson</c>, one <c>{"userId":"…"}</c> per line. Each line is judged on its own; a body that cannot be
    /// read, or in which every line is bad, is 400. Lines are stored as they come: if a stream breaks off, those that came are erased.
    /// Send all of it again then.
    /// </remarks>
    /// <response code="202">The users will be erased, even if the service stops now.</response>
    private static async Task<Results<Accepted<ErasureReceipt>, ProblemHttpResult>> EraseUsers(
        HttpContext context, BatchEndpoint endpoint, Erasures erasures, IServiceProvider services)
    {
        if (BatchEndpoint.IsStream(context.Request))
            return await EraseStream(context, endpoint, ActivatorUtilities.CreateInstance<ErasureStream>(services));
        var (request, refusal) = await endpoint.ReadOneAsync<ErasureRequest>(context, ErasureParser.Parse);
        if (request is null)
            return refusal!;
        context.Features.Set(new AuditedUsers(request.UserIds));
        return Accepted(await erasures.RequestAsync(request.UserIds, context.RequestAborted));
    }

    private static async Task<Results<Accepted<ErasureReceipt>, ProblemHttpResult>> EraseStream(
        HttpContext context, BatchEndpoint endpoint, ErasureStream stream)
    {
        var intake = new ErasureIntake(stream, context.Features.Get<AuditedStream>());
        IngestSummary? summary = null;
        ProblemHttpResult? refusal = null;
        Erasure? erasure;
        try
        {
            (summary, refusal) = await endpoint.ReadAsync(context, intake);
        }
        finally
        {
            erasure = await stream.EndAsync();
        }

        return summary is null ? refusal!
            : erasure is null ? BatchEndpoint.NothingTaken(summary, intake.Noun)
            : Accepted(erasure, summary);
    }

    /// <summary>Gets the receipt of an erasure</summary>
    /// <remarks>What was removed, and when it was seen to be gone.</remarks>
    /// <param name="receipt">As the erasure was answered with.</param>
    /// <response code="200">The receipt.</response>
    private static async Task<Results<Ok<ErasureReceipt>, ProblemHttpResult>> GetErasure(
        string receipt,
        Erasures erasures,
        CancellationToken cancellationToken) =>
        await erasures.FindAsync(receipt, cancellationToken) is { } found
            ? TypedResults.Ok(ErasureReceipt.From(found))
            : Problems.NotFound("no_receipt", "There is no erasure with this receipt.");

    private static Accepted<ErasureReceipt> Accepted(Erasure erasure, IngestSummary? stream = null) =>
        TypedResults.Accepted($"/v1/erasures/{erasure.Receipt}", ErasureReceipt.From(erasure) with
        {
            Rejected = stream?.Rejected,
            Problems = stream?.Problems,
        });
}
