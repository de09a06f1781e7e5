using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace ProfileService.Windows;

/// <summary>
/// Reads the windows of all users, each once, some at a time. Its memory grows by 20 to 60 bytes a user. A window that was altered is left
/// out; the log names its user. What still lies under an alias is left out, too, until it is moved.
/// </summary>
internal sealed class WindowScan(IWindowStore windows, UserAliases aliases)
{
    private const int AtATime = 50;
    private const int KeyBytes = 32;

    /// <param name="isAllowed">Whether the user's window is to be read.</param>
    /// <param name="onPage">Called after each page of users; null if nothing is to be done.</param>
    public async IAsyncEnumerable<Window> ReadAsync(
        Func<string, bool> isAllowed, Func<Task>? onPage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (seen, key) = (new HashSet<ulong>(), RandomNumberGenerator.GetBytes(KeyBytes));
        await foreach (var page in windows.ReadUsersAsync(cancellationToken))
        {
            // A scan may return a user twice. The hash's key is random: nobody can choose an id of equal hash.
            foreach (var some in page.Where(id => aliases.Find(id) is null && isAllowed(id) && seen.Add(HashOf(key, id))).Chunk(AtATime))
            {
                foreach (var window in await Task.WhenAll(some.Select(id => FindAsync(id, cancellationToken))))
                {
                    if (window is not null)
                        yield return window;
                }
            }

            if (onPage is not null)
                await onPage();
        }
    }

    private async Task<Window?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return (await windows.FindAsync(userId, cancellationToken))?.Window;
        }
        catch (UnreadableWindowException)
        {
            return null; // logged where it was read
        }
    }

    private static ulong HashOf(byte[] key, string userId) =>
        BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(userId)));
}
