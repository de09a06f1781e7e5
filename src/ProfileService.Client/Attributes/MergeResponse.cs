namespace ProfileService.Client;

/// <summary>A person after a merge.</summary>
/// <param name="UserId">The id under which the person is known: that of the call, or, if it is an alias itself, its person's.</param>
/// <param name="From">The alias.</param>
/// <param name="Aliases">Number of aliases of the person.</param>
/// <param name="MovedEvents">Number of events that were in the alias's window; 0 if there was none, or if it was moved before.</param>
public sealed record MergeResponse(string UserId, string From, int Aliases, int MovedEvents);

internal sealed record MergeRequest(string From);
