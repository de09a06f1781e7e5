using ProfileService.Intake;
using ProfileService.Windows;

namespace ProfileService.Kafka;

/// <summary>An event of a message that was taken, and how far it has come.</summary>
/// <param name="index">Position in the message's array.</param>
internal sealed class TakenEvent(TakenMessage message, long index, WindowEvent e)
{
    public WindowEvent Event => e;

    public bool IsArchived { get; set; }

    /// <summary>Whether the event is stored or refused.</summary>
    public bool IsDone { get; private set; }

    public void Store() => IsDone = true;

    public void Refuse(EntryProblem problem)
    {
        IsDone = true;
        message.Refuse(problem with { Index = index });
    }
}
