using Microsoft.Extensions.Options;

namespace ProfileService.Windows;

/// <summary>What every store does between reading a user's window and writing it back.</summary>
internal sealed partial class WindowAppender(IOptions<WindowOptions> options, TimeProvider time, ILogger<WindowAppender> logger)
{
    /// <summary>Takes a user's events into the window and notes the verdict of each.</summary>
    /// <param name="stored">The window as it lies in the store, null where there is none.</param>
    /// <param name="events">All of the append.</param>
    /// <returns>The window to store, or null where nothing changed.</returns>
    public EncodedWindow? Append(EventsOfUser user, EncodedWindow? stored, IReadOnlyList<UserEvent> events, Verdict[] verdicts)
    {
        var window = stored is null ? Window.Empty(user.UserId) : TryDecode(user.UserId, stored.Bytes);
        var changes = 0;
        foreach (var i in user.Places)
        {
            var changed = false;
            verdicts[i] = window?.Append(events[i], options.Value, out changed) ?? Verdict.Unreadable;
            changes += changed ? 1 : 0;
        }

        return changes == 0
            ? null
            : new EncodedWindow(StoredWindow.RevisionAfter(stored?.Revision, changes, time.GetUtcNow()), WindowCodec.Encode(window!));
    }

    private Window? TryDecode(string userId, byte[] bytes)
    {
        try
        {
            return WindowCodec.Decode(userId, bytes);
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(e, userId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored window of user {UserId} cannot be read; its events are rejected until it is mended or deleted")]
    private partial void LogUnreadable(Exception exception, string userId);
}
