using System.Runtime.CompilerServices;
using ProfileService.Events;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Privacy.Training;

/// <summary>All events of users, each once: of the archive if there is one, of the windows otherwise.</summary>
internal sealed class TrainingEvents(IWindowStore windows, IWindowEraser users, UserHash hashes, EventArchive? archive = null)
{
    private const int AtATime = 50; // windows

    public bool AreArchived => archive is not null;

    /// <summary>The events of those users, a user's one after the other.</summary>
    public IAsyncEnumerable<WindowEvent> ReadAsync(Func<string, bool> isAllowed) => archive is null
        ? ReadWindowsAsync(isAllowed)
        : archive.ReadOnceAsync().Where(e => isAllowed(e.UserId));

    // A scan of Redis may return a user twice. A window that was altered is left out; the log names its user.
    private async IAsyncEnumerable<WindowEvent> ReadWindowsAsync(
        Func<string, bool> isAllowed, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = new HashSet<UInt128>();
        await foreach (var page in users.ReadUsersAsync(cancellationToken))
        {
            foreach (var some in page.Where(isAllowed).Where(user => seen.Add(hashes.NumberOf(user))).Chunk(AtATime))
            {
                foreach (var window in await Task.WhenAll(some.Select(user => TryFindAsync(user, cancellationToken))))
                {
                    foreach (var e in window?.Events ?? [])
                        yield return e;
                }
            }
        }
    }

    private async Task<Window?> TryFindAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return (await windows.FindAsync(userId, cancellationToken))?.Window;
        }
        catch (UnreadableWindowException)
        {
            return null;
        }
    }
}
