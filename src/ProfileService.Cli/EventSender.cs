using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ProfileService.Cli;

/// <summary>Posts batches; waits and tries again where the service is busy or away for a moment. Repeats are harmless: an event that came through is a duplicate.</summary>
internal sealed class EventSender(HttpClient client, TimeProvider time)
{
    private const int MaxTries = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <exception cref="ReplayException">The service stayed away, or refuses the request as such.</exception>
    public async Task<SentBatch> SendAsync(IReadOnlyList<string> events, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(string.Join('\n', events));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
                using var response = await client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    return await ReadAsync(response, events.Count, cancellationToken);
                if (attempt == MaxTries)
                    throw new ReplayException($"The service answered {(int)response.StatusCode} {MaxTries} times. See its log and /health/ready, then run this again.");
                await Task.Delay(response.Headers.RetryAfter?.Delta ?? Pause(attempt), time, cancellationToken);
            }
            catch (HttpRequestException) when (attempt < MaxTries)
            {
                await Task.Delay(Pause(attempt), time, cancellationToken);
            }
            catch (HttpRequestException e)
            {
                throw new ReplayException($"No service answers at {client.BaseAddress}: {e.Message} Start one with ./run, or name another with --url.", e);
            }
        }
    }

    private static TimeSpan Pause(int attempt) =>
        TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << (attempt - 1)));

    private static async Task<SentBatch> ReadAsync(HttpResponseMessage response, int count, CancellationToken cancellationToken)
    {
        var reply = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode == HttpStatusCode.Accepted)
            return JsonSerializer.Deserialize<SentBatch>(reply, JsonSerializerOptions.Web)!;
        if (response.StatusCode != HttpStatusCode.BadRequest)
            throw new ReplayException($"The service answered {(int)response.StatusCode}: {reply}");

        // Not one event was taken: the problem has the verdicts, or where no line could be read, only why.
        using var problem = JsonDocument.Parse(reply);
        return problem.RootElement.TryGetProperty("rejected", out _)
            ? problem.Deserialize<SentBatch>(JsonSerializerOptions.Web)!
            : new SentBatch(0, 0, 0, count, [new SentProblem(0, problem.RootElement.GetProperty("code").GetString()!, problem.RootElement.GetProperty("detail").GetString()!)]);
    }
}
