using Confluent.Kafka;
using ProfileService.Intake;

namespace ProfileService.Kafka;

/// <summary>A message of which something was not stored.</summary>
/// <param name="First">The first problem; its index is the position in the message's array.</param>
/// <param name="Count">Number of events that were refused; 1 if the message cannot be read.</param>
internal sealed record RefusedMessage(ConsumeResult<byte[]?, byte[]?> Message, EntryProblem First, long Count);
