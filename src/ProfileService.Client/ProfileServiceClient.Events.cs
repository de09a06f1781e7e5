using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Events = "v1/events";
    private const int MaxProblems = 1_000; // as many as the service tells of one request
    private const int MaxUnknownFields = 16; // likewise

    /// <summary>Sends one event. When this returns it is stored.</summary>
    /// <exception cref="ProfileServiceException">It was rejected; <see cref="ProfileServiceException.Field"/> says for which field.</exception>
    public Task<IngestResult> SendEventAsync(UserEvent userEvent, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Post(Events, Bodies.Json(userEvent, ClientJson.Default.UserEvent)), ClientJson.Default.IngestResult, cancellationToken);

    /// <summary>Sends any number of events, in requests of up to 1,000. One that is rejected costs the others nothing.</summary>
    /// <exception cref="ProfileServiceException">
    /// The service is busy, and was each time it was asked. Events that are stored already count as duplicates when all are sent again.
    /// </exception>
    public async Task<IngestResult> SendEventsAsync(IEnumerable<UserEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var all = new IngestResult(0, 0, 0, 0, []);
        foreach (var (body, _) in Bodies.Arrays(events, ClientJson.Default.UserEvent))
            all = Add(all, await IngestAsync(body, cancellationToken).ConfigureAwait(false));
        return all;
    }

    /// <summary>
    /// Sends events as they come, in one request and bounded memory. A stream is not sent again where it breaks off or the service is busy: begin it anew;
    /// events that are stored already then count as duplicates. It should flow: the service ends a stream that stalls.
    /// </summary>
    /// <exception cref="ProfileServiceException">The service is busy or stops.</exception>
    public Task<IngestResult> SendEventsAsync(IAsyncEnumerable<UserEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return IngestAsync(new NdjsonStream<UserEvent>(events, ClientJson.Default.UserEvent), cancellationToken);
    }

    /// <summary>Sends events that are JSON already, one a line.</summary>
    /// <param name="ndjson">UTF-8.</param>
    /// <exception cref="ProfileServiceException">No line can be read, or the service is busy.</exception>
    public Task<IngestResult> SendEventLinesAsync(ReadOnlyMemory<byte> ndjson, CancellationToken cancellationToken = default) =>
        IngestAsync(Bodies.Ndjson(ndjson), cancellationToken);

    private Task<IngestResult> IngestAsync(HttpContent body, CancellationToken cancellationToken) =>
        _calls.SendAsync(_calls.Post(Events, body), ReadVerdictsAsync, cancellationToken);

    // Where every event was rejected the verdicts come as a problem; of many events they are an answer all the same.
    private static async Task<IngestResult> ReadVerdictsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.BadRequest)
            return await ServiceCalls.ReadAsync(response, ClientJson.Default.IngestResult, cancellationToken).ConfigureAwait(false);
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem?.Verdicts ?? throw Problem.Exception(response, problem);
    }

    private static IngestResult Add(IngestResult all, IngestResult more) => new(
        all.Accepted + more.Accepted,
        all.Duplicates + more.Duplicates,
        all.Late + more.Late,
        all.Rejected + more.Rejected,
        Add(all.Problems, more.Problems, all.Total),
        Add(all.UnknownFields, more.UnknownFields));

    private static IReadOnlyList<string>? Add(IReadOnlyList<string>? all, IReadOnlyList<string>? more) =>
        all is null || more is null ? all ?? more : [.. all.Union(more).Take(MaxUnknownFields)];

    private static IReadOnlyList<EntryProblem> Add(IReadOnlyList<EntryProblem> all, IReadOnlyList<EntryProblem> more, long before) =>
        more.Count == 0 ? all : [.. all, .. more.Take(MaxProblems - all.Count).Select(p => p with { Index = before + p.Index })];
}
