using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ProfileService.Auth;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Answers lookups of one user and of many.</summary>
internal sealed class LookupHandler(
    ProfileReader profiles,
    ProfileWriter writer,
    Explainer explainer,
    BatchEndpoint endpoint,
    LookupParser parser,
    ReadLimits limits,
    RateLimits rateLimits,
    ModelRegistry registry,
    ModelSlot models,
    UserAliases aliases,
    UserPurposes purposes)
{
    /// <summary>The profile of one user.</summary>
    public async ValueTask<Results<StreamedResult, NotModified, ProblemHttpResult>> GetOneAsync(
        string userId, HttpContext context, bool fresh, string? include)
    {
        if (ProfilePartNames.Parse(include) is not { } parts)
            return Problems.Bad("unknown_part", "include", ProfilePartNames.Problem);
        if (include is not null && parts != ProfileParts.Vector && ProfileFormat.PrefersBytes(context.Request))
            return Problems.Bad("not_in_bytes", "include", ProfilePartNames.NotInBytes);
        if (parts.HasFlag(ProfileParts.Explanation) && UserProblems.Refusal(purposes, userId, Purpose.Explain) is { } refusal)
            return refusal;
        var found = await profiles.ReadAsync(userId, fresh, context.RequestAborted);
        if (found.ProblemOf(context) is { } problem)
            return problem;
        var (request, headers) = (context.Request, context.Response.Headers);
        headers.Vary = HeaderNames.Accept;
        if (parts.HasFlag(ProfileParts.Explanation)) // computed for each request, so it has no ETag
            return writer.Json(found, parts, await ExplainAsync(userId, context.RequestAborted));
        headers.ETag = found.Encoded!.Etag;
        return ProfileEtag.IsKnownTo(request, found.Encoded.Etag) ? NotModified.Answer
            : ProfileFormat.PrefersBytes(request) ? writer.Bytes(found, headers)
            : parts == ProfileParts.Default ? writer.Json(found)
            : writer.Json(found, parts, explanation: null);
    }

    /// <summary>The profiles of many users.</summary>
    public async Task<Results<StreamedResult, ProblemHttpResult>> GetManyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (request, refusal) = await endpoint.ReadOneAsync<LookupRequest>(context, parser.Parse);
        if (request is null)
            return refusal!;
        if (await RateLimitSetup.RefusalOfUsersAsync(context, rateLimits, request.UserIds.Count) is { } tooMany)
            return tooMany;
        var persons = aliases.IsAny ? [.. request.UserIds.Select(aliases.PersonOf)] : request.UserIds;
        var found = await profiles.ReadAsync(persons, cancellationToken);
        limits.HoldAnswer(context, found.Sum(f => f.Encoded?.Bytes ?? 0));
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.Accept;
        return ProfileFormat.PrefersBytes(context.Request)
            ? ProfileWriter.Matrix(found, registry.Active.Id, models.Current.Manifest.Dimension, headers)
            : writer.Json(request.UserIds, found);
    }

    private async Task<Explanation?> ExplainAsync(string userId, CancellationToken cancellationToken)
    {
        using var turn = await limits.AcquireAsync(ReadCost.Explanation.Users, cancellationToken);
        return await explainer.ExplainAsync(userId, cancellationToken);
    }
}
