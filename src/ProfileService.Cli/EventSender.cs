using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ProfileService.Cli;

/// <summary>Posts batches; waits and tries again where the service is busy or away for a moment. Repeats are harmless: an event that came through is a duplicate.</summary>
/// <param name="waiting">Told why and how long it waits.</param>
internal sealed class EventSender(HttpClient client, TimeProvider time, Action<string> waiting)
{
    private const int MaxTries = 10;
    private const int LongestShown = 500;
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
                using var response = await client.PostAsync(new Uri("v1/events", UriKind.Relative), content, cancellationToken);
                if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
                    return await ReadAsync(response, events.Count, cancellationToken);
                if (attempt == MaxTries)
                    throw new ReplayException($"The service answered {(int)response.StatusCode} {MaxTries} times. See its log and /health/ready, then run this again.");
                await PauseAsync($"the service answers {(int)response.StatusCode}", response.Headers.RetryAfter?.Delta, attempt, cancellationToken);
            }
            catch (HttpRequestException e) when (attempt < MaxTries)
            {
                await PauseAsync(e.Message, null, attempt, cancellationToken);
            }
            catch (HttpRequestException e)
            {
                throw new ReplayException($"No service answers at {client.BaseAddress}: {e.Message} Start one with ./run, or name another with --url.", e);
            }
            catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ReplayException($"The service at {client.BaseAddress} took longer than {client.Timeout.TotalSeconds:N0} s to answer. See its log, then run this again.", e);
            }
        }
    }

    private Task PauseAsync(string reason, TimeSpan? asked, int attempt, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, asked?.Ticks ?? FirstPause.Ticks << (attempt - 1)));
        waiting($"{reason}; trying again in {pause.TotalSeconds:N1} s");
        return Task.Delay(pause, time, cancellationToken);
    }

    private async Task<SentBatch> ReadAsync(HttpResponseMessage response, int count, CancellationToken cancellationToken)
    {
        var reply = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            if (response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.BadRequest)
            {
                // Where not one event was taken, the problem has the verdicts, or where no line could be read, only why.
                var read = JsonSerializer.Deserialize<SentBatch>(reply, JsonSerializerOptions.Web)!;
                if (read.Problems is not null)
                    return read;
                if (read is { Code: { } code, Detail: { } detail })
                    return new SentBatch(0, 0, 0, count, [new SentProblem(0, code, detail)]);
            }
        }
        catch (JsonException)
        {
            // told below
        }

        throw new ReplayException($"What answers at {client.BaseAddress} is no ProfileService, or refuses: {(int)response.StatusCode} {reply[..Math.Min(reply.Length, LongestShown)]}");
    }
}
