using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Where a history is divided: after a number of events, or before a moment.</summary>
/// <param name="Until">Microseconds since 1970; null to divide after <paramref name="After"/> events.</param>
internal readonly record struct Cut(int After, long? Until)
{
    public int Of(Window history) => Until is { } until ? history.Events.Count(e => e.Timestamp < until) : After;
}
