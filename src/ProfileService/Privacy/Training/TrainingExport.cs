using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Privacy.Export;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Privacy.Training;

/// <summary>Opens training exports, one at a time.</summary>
internal sealed class TrainingExport(
    TrainingEvents events,
    Ledger ledger,
    UserPurposes purposes,
    UserHash hashes,
    IDbContextFactory<ProfileDbContext> contexts,
    TimeProvider time) : IDisposable
{
    private const int PageSize = 1_000;

    private readonly SemaphoreSlim _free = new(1);

    /// <exception cref="OverloadedException">Another one is being sent.</exception>
    public async Task<OpenTraining> OpenAsync(TrainingParts parts, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, CancellationToken.None))
            throw new OverloadedException("A training export is being sent already. Try again when it has ended.");
        try
        {
            var (sequence, at) = (await ledger.FindLastAsync(cancellationToken), time.GetUtcNow().UtcDateTime);
            // ExportResult passes the token of the request to each section.
            List<ExportSection> sections = [Section("events", ReadEvents(parts))];
            if (parts.Attributes.Count > 0)
                sections.Add(Section("attributes", ReadAttributesAsync(parts, CancellationToken.None)));
            if (parts.ErasedAfter is { } after)
                sections.Add(Section("forgotten", ReadForgottenAsync(after, sequence, CancellationToken.None)));
            var contents = new TrainingContents(
                sequence, at, events.AreArchived ? "archive" : "windows", parts.Ids ? "ids" : "pseudonyms");
            return new OpenTraining(contents, sections, () => _free.Release());
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    public void Dispose() => _free.Dispose();

    private static ExportSection Section(string name, IAsyncEnumerable<object> lines) => new(name, [], 0, lines);

    private string NameOf(string userId, TrainingParts parts) => parts.Ids ? userId : hashes.Of(userId);

    private bool MayBeTrainedOn(string userId) => purposes.Allow(userId, Purpose.Train);

    private IAsyncEnumerable<object> ReadEvents(TrainingParts parts) => events.ReadAsync(MayBeTrainedOn)
        .Select(object (e) => new TrainingEvent(
            NameOf(e.UserId, parts),
            e.Kind,
            e.ItemId,
            EventTime.ToUtc(e.Timestamp),
            e.Categories,
            e.Value,
            parts.Texts ? e.Text : null));

    private async IAsyncEnumerable<object> ReadAttributesAsync(
        TrainingParts parts, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; await ReadAttributesPageAsync(after, cancellationToken) is { Count: > 0 } page; after = page[^1].UserId)
        {
            foreach (var user in page.Where(user => MayBeTrainedOn(user.UserId)))
            {
                var asked = user.ToValues().Where(v => parts.Attributes.Contains(v.Key)).ToDictionary();
                if (asked.Count > 0)
                    yield return new TrainingAttributes(NameOf(user.UserId, parts), asked);
            }
        }
    }

    private async Task<List<AttributesRow>> ReadAttributesPageAsync(string after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Attributes.AsNoTracking().Where(a => string.Compare(a.UserId, after) > 0).OrderBy(a => a.UserId).Take(PageSize)
            .ToListAsync(cancellationToken);
    }

    private async IAsyncEnumerable<object> ReadForgottenAsync(
        long after, long last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ledger.ReadPageAsync(after, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var user in page.Where(user => user.Sequence <= last))
                yield return new ForgottenUser(user.UserHash, user.Sequence);
            after = page[^1].Sequence;
        }
    }
}
