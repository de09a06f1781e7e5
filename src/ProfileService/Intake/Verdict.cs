namespace ProfileService.Intake;

/// <summary>Outcome of one event.</summary>
internal enum Verdict
{
    /// <summary>Added to the window.</summary>
    Accepted,

    /// <summary>An event with the same id is in the window already.</summary>
    Duplicate,

    /// <summary>Older than every event in a full window, or older than <c>Windows:MaxAge</c>; nothing changed.</summary>
    Late,

    /// <summary>Of a time before the user was erased; nothing changed.</summary>
    Erased,

    /// <summary>The user's stored window cannot be read; nothing changed.</summary>
    Unreadable,
}
