using Confluent.Kafka;
using ProfileService.Intake;
using ProfileService.Purposes;

namespace ProfileService.Kafka;

/// <summary>A message that was taken, and how much of it is done; the next try of its batch does the rest.</summary>
internal sealed class TakenMessage(ConsumeResult<byte[]?, byte[]?> source)
{
    private readonly Lock _lock = new(); // events of a message are stored side by side

    public ConsumeResult<byte[]?, byte[]?> Source => source;

    /// <summary>Its valid events; null until the message is parsed.</summary>
    public IReadOnlyList<TakenEvent>? Events { get; set; }

    /// <summary>
    /// The first problem, by its position in the message's array; null if nothing was refused, but for events of users whose purposes do
    /// not allow them: these make no dead letter.
    /// </summary>
    public EntryProblem? Problem { get; private set; }

    /// <summary>Number of events with such a problem; 1 if the message cannot be read.</summary>
    public long Refused { get; private set; }

    /// <summary>Number of events of users whose purposes do not allow them.</summary>
    public long NotAllowed { get; private set; }

    public bool HasDeadLetter { get; set; }

    public void Refuse(EntryProblem problem, long count = 1)
    {
        lock (_lock)
        {
            if (problem.Code == ProfileRefusal.Code)
            {
                NotAllowed += count;
                return;
            }

            Refused += count;
            if (Problem is null || problem.Index < Problem.Index)
                Problem = problem;
        }
    }
}
