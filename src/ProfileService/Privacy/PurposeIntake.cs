using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Purposes;

namespace ProfileService.Privacy;

/// <summary>Sets the purposes of the users of one request.</summary>
/// <param name="audited">Null if there is no audit log.</param>
internal sealed class PurposeIntake(PurposeSetter setter, AuditedStream? audited) : IIntake<GivenPurposes>
{
    public string Noun => "user";

    public GivenPurposes? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        PurposeParser.Parse(ref json, index, out problem);

    public async Task StoreAsync(ParsedBatch<GivenPurposes> batch, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        var last = new Dictionary<string, Purpose>(StringComparer.Ordinal);
        foreach (var (userId, purposes) in batch.Parsed)
            last[userId] = purposes;
        await setter.SetAsync(last, cancellationToken);
        for (var i = 0; i < batch.Count; i++)
            summary.Count(Verdict.Accepted);
        if (audited is not null)
            await audited.WriteAsync([.. last.Keys], StatusCodes.Status200OK);
    }
}

/// <summary>What a user's data may be used for, as it was sent.</summary>
internal sealed record GivenPurposes(string UserId, Purpose Purposes);
