namespace ProfileService.Events;

/// <summary>What becomes of an event that has a field which nothing reads.</summary>
internal enum UnknownFieldPolicy
{
    /// <summary>It is taken without the field, and the answer names the field.</summary>
    Ignore,

    /// <summary>It is rejected.</summary>
    Reject,
}
