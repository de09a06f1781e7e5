using System.Net.Http.Headers;
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
            detail ?? problem?.Title ?? MessageOf(response), response.StatusCode)
        {
            Title = problem?.Title,
            Detail = detail,
            Code = problem?.Code ?? first?.Code,
            Field = problem?.Field ?? first?.Field ?? error?.Key,
            RetryAfter = RetryAfterOf(response.Headers, TimeProvider.System.GetUtcNow()),
            Problems = problem?.Problems ?? [],
        };
    }

    /// <summary>What an answer is that explains nothing.</summary>
    private static string MessageOf(HttpResponseMessage response)
    {
        var (asked, status) = (response.RequestMessage?.RequestUri, (int)response.StatusCode);
        return asked is not null && status is >= 300 and < 400 && response.Headers.Location is { } location
            ? $"{asked} answers {status} and refers to {new Uri(asked, location)}. This client follows no redirects: "
                + "give it the address of the service to which they lead."
            : $"What answers at {asked} is not a ProfileService, or something on the way to it: {status} {response.ReasonPhrase}.";
    }

    /// <summary>The wait that an answer asks for; null if it does not. A date counts from the answer's own time, if it has one.</summary>
    internal static TimeSpan? RetryAfterOf(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.RetryAfter is not { Date: { } date })
            return headers.RetryAfter?.Delta;
        var left = date - (headers.Date ?? now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
