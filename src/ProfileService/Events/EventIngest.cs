using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Attribution;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Stores parsed events in the archive and the windows, and counts their outcomes.</summary>
internal sealed class EventIngest(
    EventParser parser,
    IWindowStore windows,
    IngestLimits limits,
    ProfileMetrics metrics,
    ModelRegistry models,
    ProfileRefusal refusal,
    UserPurposes purposes,
    UserAliases aliases,
    ItemLearner items,
    OutcomeCounter outcomes,
    EventArchive? archive = null)
    : IIntake<WindowEvent>
{
    private const string Unreadable =
        "The user's stored window cannot be read, so that no event can be added to it. The service's log names the user.";

    // Tags of the metric.
    private static readonly string[] Verdicts = [.. Enum.GetNames<Verdict>().Select(name => name.ToLowerInvariant())];

    public string Noun => "event";

    public WindowEvent? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        parser.Parse(ref json, index, unknown, out problem);

    /// <summary>Parses an event whose missing fields come from the attributes of its CloudEvent.</summary>
    public WindowEvent? Parse(
        ref Utf8JsonReader json, long index, UnknownFields unknown, CloudEventAttributes envelope, out EntryProblem? problem) =>
        parser.Parse(ref json, index, unknown, out problem, envelope);

    /// <exception cref="OverloadedException">Too many requests wait already.</exception>
    /// <exception cref="OtherModelException">This process was started with a model that is not the active one.</exception>
    public Task StoreAsync(ParsedBatch<WindowEvent> batch, IngestSummary summary, CancellationToken cancellationToken) =>
        StoreAsync(batch, summary, "userId", archived: null, cancellationToken);

    /// <inheritdoc cref="StoreAsync(ParsedBatch{WindowEvent}, IngestSummary, CancellationToken)"/>
    /// <param name="userField">The field in which an event names its user, for problems; null if events need not have one.</param>
    /// <param name="archived">State of an earlier try; null if the caller does not try again.</param>
    public async Task StoreAsync(
        ParsedBatch<WindowEvent> batch,
        IngestSummary summary,
        string? userField,
        ArchiveState? archived,
        CancellationToken cancellationToken)
    {
        batch = refusal.Allow(batch, e => e.UserId, userField, summary);
        if (batch.Count == 0)
            return;
        models.ThrowIfOther();
        using var lease = await limits.AcquireAsync(cancellationToken);
        if (archive is not null && archived is not { IsDone: true })
            await archive.AppendAsync(AliasedEvents.Of(batch.Parsed, aliases)?.Taken ?? batch.Parsed, cancellationToken);
        if (archived is not null)
            archived.IsDone = true;
        Count(await windows.AppendAsync(batch.Parsed, cancellationToken), batch, userField, summary);
    }

    /// <summary>The response to a request whose events are stored; counts those that were rejected.</summary>
    public Results<Accepted<IngestSummary>, ProblemHttpResult> Answer(IngestSummary summary)
    {
        metrics.CountEvents(ProfileMetrics.Rejected, summary.Rejected);
        return summary.AllRejected
            ? BatchEndpoint.NothingTaken(
                summary, Noun, ("duplicates", summary.Duplicates), ("late", summary.Late), ("erased", summary.Erased))
            : TypedResults.Accepted((string?)null, summary);
    }

    private void Count(IReadOnlyList<Verdict> verdicts, ParsedBatch<WindowEvent> batch, string? userField, IngestSummary summary)
    {
        Span<int> counts = stackalloc int[(int)Verdict.Unreadable]; // by verdict; Unreadable, the last one, is counted as rejected
        for (var i = 0; i < verdicts.Count; i++)
        {
            if (verdicts[i] == Verdict.Unreadable)
            {
                summary.Reject(new EntryProblem(batch.IndexOf(i), ErrorCodes.WindowUnreadable, userField, Unreadable));
                continue;
            }

            summary.Count(verdicts[i]);
            counts[(int)verdicts[i]]++;
            if (verdicts[i] == Verdict.Accepted)
                Note(batch.Parsed[i]);
        }

        for (var verdict = 0; verdict < counts.Length; verdict++)
            metrics.CountEvents(Verdicts[verdict], counts[verdict]);
    }

    private void Note(WindowEvent accepted)
    {
        // IsOn is asked first to spare the look-ups.
        if (items.IsOn && aliases.PersonOf(accepted.UserId) is var person && purposes.Allow(person, Purpose.Profile))
            items.Note(person, accepted.ItemId, accepted.Categories);
        if (accepted is RecommendedEvent recommended)
            outcomes.CountEvent(recommended);
    }
}
