namespace ProfileService.Client;

/// <summary>An erasure of users, and what became of it.</summary>
/// <param name="Receipt">Names the erasure.</param>
/// <param name="State">
/// <c>pending</c> until the users are gone; <c>gone</c> when nothing of them is in any store or memory; <c>done</c> when Redis and
/// SQLite have also written their files anew.
/// </param>
/// <param name="Users">Number of users.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="GoneAt">When the users were seen to be gone; null before.</param>
/// <param name="DoneAt">When files were written anew, too; null before.</param>
/// <param name="Removed">What was removed so far.</param>
/// <param name="WaitingFor">What stands in its way; null if nothing does.</param>
/// <param name="Rejected">Number of lines of the stream that broke a rule; null but in the answer to a stream.</param>
/// <param name="Problems">One for each of these lines; null but in the answer to a stream.</param>
public sealed record ErasureReceipt(
    string Receipt,
    string State,
    int Users,
    DateTimeOffset RequestedAt,
    RemovedData Removed,
    DateTimeOffset? GoneAt = null,
    DateTimeOffset? DoneAt = null,
    string? WaitingFor = null,
    long? Rejected = null,
    IReadOnlyList<EntryProblem>? Problems = null);

/// <summary>What an erasure removed, store by store. After a crash on the way, it may be less than there was.</summary>
/// <param name="Windows">Windows.</param>
/// <param name="Events">Events in these windows.</param>
/// <param name="CachedProfiles">Profiles in Redis's read cache.</param>
/// <param name="Profiles">Stored profiles, of every model.</param>
/// <param name="Attributes">Users that had attributes.</param>
/// <param name="Vectors">Vectors in the index of similar users.</param>
/// <param name="ArchivedEvents">Events in the archive.</param>
/// <param name="Processes">Processes of the service whose memory was seen to be clear.</param>
public sealed record RemovedData(
    int Windows, int Events, int CachedProfiles, int Profiles, int Attributes, int Vectors, int ArchivedEvents, int Processes);

internal sealed record ErasureRequest(IReadOnlyList<string> UserIds);
