namespace ProfileService.Events;

/// <summary>Where events are archived.</summary>
internal enum ArchiveStore
{
    None,
    Postgres,
}
