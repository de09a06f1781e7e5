using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>What became of the events that were sent.</summary>
/// <param name="Accepted">Number of events now in their users' windows.</param>
/// <param name="Duplicates">Number of events that their window already held.</param>
/// <param name="Late">Number of events that are too old for their window; they changed nothing.</param>
/// <param name="Rejected">Number of events that broke a rule; they changed nothing.</param>
/// <param name="Problems">One for each rejected event, at most the first 1,000 of a request.</param>
/// <param name="UnknownFields">
/// Names of fields that the service passed over, because it does not know them, or because a recommendation id is not one of its own; at
/// most the first 16, null if there were none.
/// </param>
/// <param name="Erased">Number of events of a time before their user was erased; they changed nothing.</param>
public sealed record IngestSummary(
    long Accepted,
    long Duplicates,
    long Late,
    long Rejected,
    IReadOnlyList<EntryProblem> Problems,
    IReadOnlyList<string>? UnknownFields = null,
    long Erased = 0)
{
    /// <summary>Number of events that were sent.</summary>
    [JsonIgnore]
    public long Total => Accepted + Duplicates + Late + Erased + Rejected;
}
