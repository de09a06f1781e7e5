using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>What became of the events that were sent.</summary>
/// <param name="Accepted">Events now stored in their users' windows.</param>
/// <param name="Duplicates">Events that their window held already.</param>
/// <param name="Late">Events too old for their window; they changed nothing.</param>
/// <param name="Rejected">Events that broke a rule.</param>
/// <param name="Problems">Why the rejected ones were; the first 1,000.</param>
/// <param name="UnknownFields">Names of fields that the service does not know and passed over, the first 16; null where there were none.</param>
public sealed record IngestResult(
    long Accepted, long Duplicates, long Late, long Rejected, IReadOnlyList<EntryProblem> Problems, IReadOnlyList<string>? UnknownFields = null)
{
    /// <summary>Events that were sent.</summary>
    [JsonIgnore]
    public long Total => Accepted + Duplicates + Late + Rejected;
}
