using System.Net;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Faults;

/// <summary>Reads from services that are healed, and may still be busy.</summary>
internal sealed class PatientReader(HttpClient client)
{
    /// <summary>
    /// The body of a 200; null if the service does not know the user, or has no profile of it. It is asked again if it does not answer, or
    /// answers that it cannot now.
    /// </summary>
    /// <exception cref="InvalidOperationException">It answers with another status.</exception>
    public async Task<string?> GetAsync(Uri address) =>
        (await Eventually.AnswersAsync(() => AskAsync(address), answer => !answer.IsBusy)).Body;

    /// <summary>As <see cref="GetAsync"/> of one answer; null also if the service is busy.</summary>
    public async Task<string?> TryGetAsync(Uri address) => await AskAsync(address) is { IsBusy: false } answer ? answer.Body : null;

    private async Task<Answer> AskAsync(Uri address)
    {
        try
        {
            using var response = await client.GetAsync(address);
            var body = await response.Content.ReadAsStringAsync();
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new Answer(false, body),
                HttpStatusCode.NotFound => new Answer(false, null),
                HttpStatusCode.ServiceUnavailable when body.Contains("\"not_computed\"", StringComparison.Ordinal) => new Answer(false, null),
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => new Answer(true, body),
                _ => throw new InvalidOperationException($"{address}: {(int)response.StatusCode} {body}"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return new Answer(true, e.Message);
        }
    }

    private sealed record Answer(bool IsBusy, string? Body);
}
