using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary><c>POST /v1/profiles/compute</c>: the profile of a session that is stored nowhere.</summary>
internal static class ComputeApi
{
    public static void MapCompute(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/profiles/compute", ComputeProfile)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<ReadLimits>().Early)
            .WithTags("Profiles")
            .RequiresScopes(Scopes.ProfilesRead)
            .TakesObject<SessionRequest>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status410Gone);

    /// <summary>Computes the profile of a session</summary>
    /// <remarks>
    /// Vector and dimensions, as a refresh computes them of a user with these events and attributes, and recommendations if they are asked
    /// for. Nothing is stored. Events and attributes are checked by the rules of their own endpoints; a bad one is 400. 404 if the purposes
    /// of the user that the events name do not allow a profile, 409 if recommendations are asked for and the active model package has no
    /// item vectors.
    /// </remarks>
    /// <response code="200">The profile.</response>
    private static async Task<Results<Ok<SessionProfile>, ProblemHttpResult>> ComputeProfile(
        HttpContext context, BatchEndpoint endpoint, SessionParser parser, SessionComputer computer, ReadLimits limits)
    {
        var (session, refusal) = await endpoint.ReadOneAsync<Session>(context, parser.Parse);
        if (session is null)
            return refusal!;
        using var turn = await limits.AcquireAsync(context, ReadCost.Query);
        return await computer.ComputeAsync(session, context.RequestAborted);
    }
}
