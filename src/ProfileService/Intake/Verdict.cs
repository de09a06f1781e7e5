

namespace ProfileService.Intake;

/// <summary>What became of one event.</summary>
internal enum Verdict
{
    /// <summary>In the window.</summary>
    Accepted,

    /// <summary>An event with the same id is in the window.</summary>
    Duplicate,

    /// <summary>Older than everything in a full window, or than <c>Windows:MaxAge</c>; nothing changed.</summary>
    Late,

    /// <summary>The user's stored window cannot be read; nothing changed.</summary>
    Unreadable,
}
