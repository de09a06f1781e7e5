using System.Net;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    private const string Events = "v1/events";
    private const int MaxProblems = 1_000; // as many as the service returns for one request
    private const int MaxUnknownFields = 16; // likewise

    /// <summary>Sends one event. It is stored when this returns.</summary>
    /// <param name="userEvent">The event; it may be sent again without harm.</param>
    /// <exception cref="ProfileServiceException">
    /// The event was rejected; <see cref="ProfileServiceException.Field"/> names the field at fault.
    /// </exception>
    public Task<IngestSummary> SendEventAsync(UserEvent userEvent, CancellationToken cancellationToken = default)
    {
        var body = Bodies.Json(userEvent, ClientJson.Default.UserEvent);
        return _calls.ReadAsync(_calls.Post(Events, body), ClientJson.Default.IngestSummary, cancellationToken);
    }

    /// <summary>Sends any number of events, in requests of up to 1,000. A rejected event does not affect the others.</summary>
    /// <param name="events">Any number, in any order.</param>
    /// <exception cref="ProfileServiceException">
    /// The service was busy at each attempt. Events that are already stored count as duplicates when all are sent again.
    /// </exception>
    public async Task<IngestSummary> SendEventsAsync(IEnumerable<UserEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var all = new IngestSummary(0, 0, 0, 0, []);
        foreach (var (body, _) in Bodies.Arrays(events, ClientJson.Default.UserEvent))
            all = Add(all, await IngestAsync(body, cancellationToken).ConfigureAwait(false));
        return all;
    }

    /// <summary>
    /// Sends events as they come, in one request and bounded memory. A stream that breaks off, or meets a busy service, is not retried:
    /// start it again; events that are already stored then count as duplicates. The service ends a stream that stalls.
    /// </summary>
    /// <param name="events">Any number, in any order.</param>
    /// <exception cref="ProfileServiceException">The service is busy or stopping.</exception>
    public Task<IngestSummary> SendEventsAsync(IAsyncEnumerable<UserEvent> events, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return IngestAsync(new NdjsonStream<UserEvent>(events, ClientJson.Default.UserEvent), cancellationToken);
    }

    /// <summary>Sends events that are already JSON, one per line.</summary>
    /// <param name="ndjson">UTF-8.</param>
    /// <exception cref="ProfileServiceException">No line can be read, or the service was busy at each attempt.</exception>
    public Task<IngestSummary> SendEventLinesAsync(ReadOnlyMemory<byte> ndjson, CancellationToken cancellationToken = default) =>
        IngestAsync(Bodies.Ndjson(ndjson), cancellationToken);

    /// <summary>
    /// Makes a token by which a page sends events of this user to <c>/v1/beacon</c>; the service must name the page's origin
    /// (<c>Cors:Origins</c>). Call it where the page is made, for the user who is signed in there.
    /// </summary>
    /// <param name="userId">1 to 128 characters.</param>
    /// <param name="lifetime">1 minute to 1 day, in whole seconds; as the service is set up if left out, 1 hour by default.</param>
    /// <exception cref="ProfileServiceException">The lifetime is out of bounds (400), or no page may send events (409).</exception>
    public Task<PageToken> CreateTokenAsync(string userId, TimeSpan? lifetime = null, CancellationToken cancellationToken = default)
    {
        var body = Bodies.Json(new TokenRequest((int?)lifetime?.TotalSeconds), ClientJson.Default.TokenRequest);
        return _calls.ReadAsync(_calls.Post(Address.OfUser(userId, "tokens"), body), ClientJson.Default.PageToken, cancellationToken);
    }

    private Task<IngestSummary> IngestAsync(HttpContent body, CancellationToken cancellationToken) =>
        _calls.SendAsync(_calls.Post(Events, body), ReadVerdictsAsync, cancellationToken);

    // If every event was rejected, the verdicts come as a problem; for a batch that is an answer, not a failure.
    private static async Task<IngestSummary> ReadVerdictsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode != HttpStatusCode.BadRequest)
            return await ServiceCalls.ReadAsync(response, ClientJson.Default.IngestSummary, cancellationToken).ConfigureAwait(false);
        var problem = await Problem.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return problem?.Verdicts ?? throw Problem.Exception(response, problem);
    }

    private static IngestSummary Add(IngestSummary all, IngestSummary more) => new(
        all.Accepted + more.Accepted,
        all.Duplicates + more.Duplicates,
        all.Late + more.Late,
        all.Rejected + more.Rejected,
        Add(all.Problems, more.Problems, all.Total),
        Add(all.UnknownFields, more.UnknownFields),
        all.Erased + more.Erased);

    private static IReadOnlyList<string>? Add(IReadOnlyList<string>? all, IReadOnlyList<string>? more) =>
        all is null || more is null ? all ?? more : [.. all.Union(more).Take(MaxUnknownFields)];

    private static IReadOnlyList<EntryProblem> Add(IReadOnlyList<EntryProblem> all, IReadOnlyList<EntryProblem> more, long before) =>
        more.Count == 0 ? all : [.. all, .. more.Take(MaxProblems - all.Count).Select(p => p with { Index = before + p.Index })];
}
