using System.Net.Http.Json;
using System.Text.Json;

namespace ProfileService.Client;

/// <summary>An answer of <c>application/problem+json</c>, with the members that the service adds.</summary>
internal sealed record Problem(
    string? Title = null,
    string? Detail = null,
    string? Code = null,
    string? Field = null,
    long? Accepted = null,
    long? Duplicates = null,
    long? Late = null,
    long? Rejected = null,
    IReadOnlyList<EntryProblem>? Problems = null,
    IReadOnlyList<string>? UnknownFields = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    long? Erased = null)
{
    private const string ContentType = "application/problem+json";

    /// <summary>Reads the problem from an answer; null if it contains none.</summary>
    public static async Task<Problem?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != ContentType)
            return null;
        try
        {
            return await response.Content.ReadFromJsonAsync(ClientJson.Default.Problem, cancellationToken).ConfigureAwait(false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The verdicts on the sent events, if the problem is that every one was rejected; null otherwise.</summary>
    public IngestSummary? Verdicts => Problems is null || Rejected is null
        ? null
        : new IngestSummary(Accepted ?? 0, Duplicates ?? 0, Late ?? 0, Rejected.Value, Problems, UnknownFields, Erased ?? 0);

    /// <param name="problem">Null if the answer contains none.</param>
    public static ProfileServiceException Exception(HttpResponseMessage response, Problem? problem)
    {
        var first = problem?.Problems is [var one, ..] ? one : null;
        var error = problem?.Errors?.FirstOrDefault(e => e.Value.Length > 0);
        var detail = problem?.Detail ?? error?.Value?[0];
        return new ProfileServiceException(
            detail ?? problem?.Title
                ?? $"What answers at {response.RequestMessage?.RequestUri} is not a ProfileService, or something on the way to it: "
                + $"{(int)response.StatusCode} {response.ReasonPhrase}.",
            response.StatusCode)
        {
            Title = problem?.Title,
            Detail = detail,
            Code = problem?.Code ?? first?.Code,
            Field = problem?.Field ?? first?.Field ?? error?.Key,
            RetryAfter = response.Headers.RetryAfter?.Delta,
            Problems = problem?.Problems ?? [],
        };
    }
}
