using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy;

/// <summary>Takes the lines of one stream of users that are to be erased.</summary>
/// <param name="audited">Null if there is no audit log.</param>
internal sealed class ErasureIntake(ErasureStream erasure, AuditedStream? audited) : IIntake<ErasureLine>
{
    private const string Owner = "an erasure";

    public string Noun => "user";

    public ErasureLine? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        JsonObjectReader.Read<ErasureLine>(ref json, index, Owner, Read, out problem);

    public async Task StoreAsync(ParsedBatch<ErasureLine> batch, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        List<string> users = [.. batch.Parsed.Select(line => line.UserId)];
        await erasure.AddAsync(users, cancellationToken);
        users.ForEach(_ => summary.Count(Verdict.Accepted));
        if (audited is not null)
            await audited.WriteAsync(users, StatusCodes.Status202Accepted);
    }

    private static ErasureLine? Read(JsonElement value, out EntryProblem? problem) =>
        UserIdObject.Read(value, Owner, out problem) is { } id ? new ErasureLine(id) : null;
}

/// <summary>A line of a stream of users that are to be erased.</summary>
/// <param name="UserId">Whom to erase.</param>
internal sealed record ErasureLine([Id] string UserId);
