namespace ProfileService.Kafka;

/// <summary>What was not stored of a batch that is stored.</summary>
/// <param name="Refused">
/// The messages of which something was refused, but for events of users whose purposes do not allow them: these make no dead letter.
/// </param>
/// <param name="Rejected">Number of events that were refused, whatever the reason.</param>
internal sealed record BatchOutcome(IReadOnlyList<RefusedMessage> Refused, long Rejected);
