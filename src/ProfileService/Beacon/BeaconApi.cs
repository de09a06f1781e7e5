using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Beacon;

/// <summary><c>POST /v1/beacon</c>: events straight from a page, with a token for one user in the body.</summary>
internal static class BeaconApi
{
    public const string Path = "/v1/beacon";
    public const string Text = MediaTypeNames.Text.Plain;
    public const string Off = "beacon_off";
    public const string OffDetail = "No page may send events to this service: the setting Cors:Origins is empty.";

    public static void MapBeacon(this IEndpointRouteBuilder routes)
    {
        var route = routes.MapPost(Path["/v1".Length..], PostBeacon)
            .WithTags("Events")
            .AllowAnonymous() // the token is the proof
            .TakesObject<BeaconRequest>(routes.ServiceProvider, Text)
            .ProducesProblem(StatusCodes.Status404NotFound);
        if (routes.ServiceProvider.GetRequiredService<PageOrigins>().IsAny)
            route.RequireCors(BeaconSetup.Policy);
    }

    /// <summary>Sends events from a page</summary>
    /// <remarks>
    /// Events of the user whose token is in the body, in the place of an API key: for <c>navigator.sendBeacon</c>, whose text needs no
    /// preflight, and for <c>fetch</c>. Everything else is as with <c>POST /v1/events</c>; an event that names a user is rejected. A body
    /// may have 65,536 bytes. 401 if the token is not valid or has ended, 404 if <c>Cors:Origins</c> names no page.
    /// </remarks>
    /// <response code="202">The good events are stored; the counts say what became of each.</response>
    private static async Task<Results<Accepted<IngestSummary>, ProblemHttpResult>> PostBeacon(
        HttpContext context, BatchEndpoint endpoint, BeaconParser parser, PageOrigins pages, TokenGate gate, EventIngest ingest)
    {
        if (!pages.IsAny)
            return Problems.NotFound(Off, OffDetail);
        var (body, refusal) = await endpoint.ReadOneAsync<BeaconBody>(context, parser.Parse, BeaconBody.MaxBytes);
        if (body is null)
            return refusal!;
        if (await gate.RefusalOfAsync(context, body.Token) is { } unproven)
            return unproven;
        await ingest.StoreAsync(body.Events, body.Summary, userField: null, archived: null, context.RequestAborted);
        return ingest.Answer(body.Summary);
    }
}
