namespace ProfileService.Events;

/// <summary>What happens to an event with an unknown field.</summary>
internal enum UnknownFieldPolicy
{
    /// <summary>The event is accepted without the field, and the response names the field.</summary>
    Ignore,

    /// <summary>The event is rejected.</summary>
    Reject,
}
