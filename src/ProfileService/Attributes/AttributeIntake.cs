using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>Stores users' attributes.</summary>
internal sealed class AttributeIntake(
    AttributeParser parser, AttributeStore store, IngestLimits limits, ModelRegistry models, ProfileRefusal refusal, UserAliases aliases)
    : IIntake<AttributesRow>
{
    public string Noun => "user";

    public AttributesRow? Parse(ref Utf8JsonReader json, long index, UnknownFields unknown, out EntryProblem? problem) =>
        parser.Parse(ref json, index, out problem);

    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public async Task StoreAsync(ParsedBatch<AttributesRow> batch, IngestSummary summary, CancellationToken cancellationToken)
    {
        batch = refusal.Allow(batch, a => a.UserId, "userId", summary);
        if (batch.Count == 0)
            return;
        await StoreAsync(batch.Parsed, cancellationToken);
        for (var i = 0; i < batch.Count; i++)
            summary.Count(Verdict.Accepted);
    }

    /// <summary>Stores attributes; if a user occurs twice, by whichever id, the last entry counts.</summary>
    /// <exception cref="OverloadedException">Too many batches are waiting already.</exception>
    public async Task StoreAsync(IReadOnlyList<AttributesRow> users, CancellationToken cancellationToken)
    {
        models.ThrowIfOther();
        var last = new Dictionary<string, AttributesRow>(StringComparer.Ordinal);
        foreach (var user in users)
        {
            var person = aliases.PersonOf(user.UserId); // once: a merge may come between two questions
            last[person] = user.WithUserId(person);
        }

        using var turn = await limits.AcquireAsync(cancellationToken);
        await store.StoreAsync([.. last.Values], cancellationToken);
    }
}
