using System.ComponentModel.DataAnnotations;
using ProfileService.Intake;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>The users that are to be erased.</summary>
/// <param name="UserIds">1 to 1,000 ids.</param>
internal sealed record ErasureRequest(
    [property: MinLength(1), MaxLength(ErasureParser.MaxUsers)][Platform.Id] IReadOnlyList<string> UserIds);

/// <summary>An erasure, and what became of it.</summary>
/// <param name="Receipt">Names the erasure.</param>
/// <param name="State">
/// pending until the users are gone; gone when nothing of them is in any store or memory; done when Redis and SQLite have also
/// written their files anew.
/// </param>
/// <param name="Users">Number of users.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="GoneAt">When the users were seen to be gone; left out before.</param>
/// <param name="DoneAt">When files were written anew, too; left out before.</param>
/// <param name="Removed">What was removed so far.</param>
/// <param name="WaitingFor">What stands in its way; left out if nothing does.</param>
/// <param name="Rejected">Number of lines of the stream that broke a rule; only in the answer to a stream.</param>
/// <param name="Problems">One for each of these lines; the first 1,000. Only in the answer to a stream.</param>
internal sealed record ErasureReceipt(
    string Receipt,
    [Platform.OneOf("pending", "gone", "done")] string State,
    int Users,
    DateTime RequestedAt,
    DateTime? GoneAt,
    DateTime? DoneAt,
    RemovedData Removed,
    string? WaitingFor,
    long? Rejected = null,
    [property: MaxLength(IngestSummary.MaxProblems)] IReadOnlyList<EntryProblem>? Problems = null)
{
    public static ErasureReceipt From(Erasure erasure) => new(
        erasure.Receipt,
        erasure.DoneAt is not null ? "done" : erasure.GoneAt is not null ? "gone" : "pending",
        erasure.Users,
        erasure.RequestedAt,
        erasure.GoneAt,
        erasure.DoneAt,
        RemovedData.From(erasure),
        erasure.WaitingFor);
}

/// <summary>What an erasure removed, store by store. After a crash on the way, it may be less than there was.</summary>
/// <param name="Windows">Windows.</param>
/// <param name="Events">Events in these windows.</param>
/// <param name="CachedProfiles">Profiles in Redis's read cache.</param>
/// <param name="Profiles">Stored profiles, of every model.</param>
/// <param name="Attributes">Users that had attributes.</param>
/// <param name="Vectors">Vectors in the index of similar users.</param>
/// <param name="ArchivedEvents">Events in the archive.</param>
/// <param name="Processes">Processes of the service whose memory was seen to be clear.</param>
internal sealed record RemovedData(
    int Windows, int Events, int CachedProfiles, int Profiles, int Attributes, int Vectors, int ArchivedEvents, int Processes)
{
    public static RemovedData From(Erasure e) => new(
        e.Windows, e.Events, e.CachedProfiles, e.Profiles, e.Attributes, e.Vectors, e.ArchivedEvents, e.Processes);
}
