using System.Runtime.CompilerServices;
using ProfileService.Events;
using ProfileService.Windows;

namespace ProfileService.Privacy.Training;

/// <summary>All events of users, each once: of the archive if there is one, of the windows otherwise.</summary>
internal sealed class TrainingEvents(WindowScan windows, EventArchive? archive = null)
{
    public bool AreArchived => archive is not null;

    /// <summary>The events of those users, a user's one after the other, the oldest first; those of aliases as their persons'.</summary>
    public IAsyncEnumerable<WindowEvent> ReadAsync(Func<string, bool> isAllowed) => archive is null
        ? ReadWindowsAsync(isAllowed, CancellationToken.None) // whoever reads it gives the token
        : archive.ReadOnceAsync(isAllowed, CancellationToken.None);

    private async IAsyncEnumerable<WindowEvent> ReadWindowsAsync(
        Func<string, bool> isAllowed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var window in windows.ReadAsync(isAllowed, onPage: null, cancellationToken))
        {
            foreach (var e in window.Events)
                yield return e;
        }
    }
}
