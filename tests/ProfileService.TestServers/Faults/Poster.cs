using System.Net;
using System.Text;
using System.Text.Json;
using ProfileService.TestServers.Common;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>A client that posts single events, arrays and streams to any of the services, and most of what was not answered once
/// more.</summary>
internal sealed class Poster(HttpClient client, IReadOnlyList<FaultyService> services, SentLog sent, DrawnEvents events)
{
    private const int MaxTries = 4;
    private const int MaxEvents = 40;

    private static readonly TimeSpan BeforeNextTry = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan RequestInterval = TimeSpan.FromMilliseconds(15);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var batch = events.Take(events.Next(3) == 0 ? 1 : 1 + events.Next(MaxEvents));
            await PostAsync(batch, asStream: events.Next(2) == 0, stop);
            await Task.Delay(RequestInterval, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Posts once; true where the events were acknowledged.</summary>
    public static async Task<bool> TryPostAsync(HttpClient client, Uri service, IReadOnlyList<WindowEvent> batch, bool asStream,
        SentLog sent)
    {
        sent.Add(batch);
        try
        {
            using var response = await client.PostAsync(new Uri(service, "/v1/events"), Content(batch, asStream));
            if (response.StatusCode != HttpStatusCode.Accepted)
                return false;
            sent.Acknowledge(Stored(batch, JsonElement.Parse(await response.Content.ReadAsStringAsync())));
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }

    private async Task PostAsync(IReadOnlyList<WindowEvent> batch, bool asStream, CancellationToken stop)
    {
        var tries = 1 + events.Next(MaxTries);
        for (var i = 0; i < tries && !stop.IsCancellationRequested; i++)
        {
            if (await TryPostAsync(client, services[events.Next(services.Count)].Address, batch, asStream, sent))
                return;
            await Task.Delay(BeforeNextTry, TimeProvider.System, CancellationToken.None);
        }
    }

    private static StringContent Content(IReadOnlyList<WindowEvent> batch, bool asStream) =>
        asStream ? new(string.Join('\n', batch.Select(e => e.Json())), Encoding.UTF8, "application/x-ndjson")
            : new(batch.Count == 1 ? batch[0].Json() : $"[{string.Join(',', batch.Select(e => e.Json()))}]", Encoding.UTF8,
                "application/json");

    // A rejected event is no promise. More than 1,000 problems are not listed, but no batch is as long.
    private static IEnumerable<WindowEvent> Stored(IReadOnlyList<WindowEvent> batch, JsonElement answer)
    {
        var rejected = answer.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("index").GetInt32()).ToHashSet();
        return batch.Where((_, i) => !rejected.Contains(i));
    }
}
