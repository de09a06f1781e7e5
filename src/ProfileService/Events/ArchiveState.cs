namespace ProfileService.Events;

/// <summary>Whether the events of a batch are archived. A caller that tries again passes it on, so that they are archived once.</summary>
internal sealed class ArchiveState
{
    public bool IsDone { get; set; }
}
