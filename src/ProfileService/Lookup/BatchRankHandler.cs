using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ProfileService.Auth;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Answers rankings for many users.</summary>
internal sealed class BatchRankHandler(
    BatchEndpoint endpoint,
    BatchRankParser parser,
    ProfileReader profiles,
    Recommender recommender,
    BatchScorer scorer,
    ReadLimits limits,
    RateLimits rates,
    ModelSlot models,
    ModelRegistry registry,
    UserAliases aliases)
{
    private const int BytesPerPair = 64; // of an item in JSON
    private const int BatchShare = 4; // of what may be read at the same time

    public async Task<Results<Ok<BatchRanking>, StreamedResult, ProblemHttpResult>> RankAsync(HttpContext context)
    {
        var (request, refusal) = await endpoint.ReadOneAsync<BatchRankRequest>(context, parser.Parse);
        if (request is null)
            return refusal!;
        registry.ThrowUnlessActive();
        var model = models.Current;
        if (model.Items is null)
            return ItemProblems.NoItemVectors(model.Manifest);
        if (await RateLimitSetup.RefusalOfUsersAsync(context, rates, request.UserIds.Count) is { } tooMany)
            return tooMany;
        context.Response.Headers.Vary = HeaderNames.Accept;
        return await RankAsync(context, request, model);
    }

    private async Task<Results<Ok<BatchRanking>, StreamedResult, ProblemHttpResult>> RankAsync(
        HttpContext context, BatchRankRequest request, ActiveModel model)
    {
        var persons = aliases.IsAny ? [.. request.UserIds.Select(aliases.PersonOf)] : request.UserIds;
        var found = await profiles.ReadAsync(persons, context.RequestAborted);
        limits.HoldAnswer(context, ReadCost.AnswerBytes + ((long)BytesPerPair * request.UserIds.Count * request.ItemIds.Count));
        using var turn = await limits.AcquireAsync(CostOf(request), context.RequestAborted);
        var unavailable = recommender.Unavailable(request.ItemIds);
        HashSet<string> without = [.. unavailable];
        string?[] items = [.. request.ItemIds.Select(id => without.Contains(id) ? null : id)];
        var scores = await scorer.ScoreAsync(found, items, model, context.RequestAborted);
        return ProfileFormat.PrefersBytes(context.Request)
            ? Matrix(scores, model.Stamp.Id, context.Response.Headers)
            : TypedResults.Ok(Ranking(request, persons, scores, model, unavailable));
    }

    // The users are scored one after the other, so that a large batch holds up others no longer than a few recommendations at once.
    private int CostOf(BatchRankRequest request) =>
        Math.Clamp(request.UserIds.Count * ReadCost.Query.Users, 1, Math.Max(1, limits.Permits / BatchShare));

    /// <param name="persons">The person of each id that was asked for.</param>
    private BatchRanking Ranking(
        BatchRankRequest request, IReadOnlyList<string> persons, BatchScores scores, ActiveModel model, IReadOnlyList<string> unavailable)
    {
        var unavailableUsers = request.UserIds.Where((_, i) => scores.IsUnavailable(i)).ToList();
        return new BatchRanking(
            model.Stamp.Id,
            [.. persons.Index().Where(u => scores.IsScored(u.Index)).Select(u => scores.RankingOf(u.Index, u.Item))],
            [.. request.UserIds.Where((_, i) => scores.IsMissing(i))],
            [.. recommender.Unknown(request.ItemIds, model).Except(unavailable, StringComparer.Ordinal)],
            unavailable,
            unavailableUsers.Count > 0 ? unavailableUsers : null);
    }

    /// <summary>All scores, row after row.</summary>
    private static StreamedResult Matrix(BatchScores scores, string model, IHeaderDictionary headers)
    {
        headers["X-Profile-Model"] = model;
        headers["X-Profile-Dimension"] = Text(scores.Items.Count);
        headers["X-Profile-Count"] = Text(scores.Users);
        if (Enumerable.Range(0, scores.Users).Count(scores.IsUnavailable) is > 0 and var unavailable)
            headers["X-Profile-Unavailable"] = Text(unavailable);
        var bytes = VectorBytes.From(scores.Values);
        return new StreamedResult(ProfileFormat.Bytes, bytes.Length, (ReadOnlyMemory<byte>[])[bytes]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
