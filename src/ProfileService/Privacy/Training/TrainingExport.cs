using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using ProfileService.Platform;
using ProfileService.Privacy.Export;
using ProfileService.Privacy.Merging;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Privacy.Training;

/// <summary>Opens training exports, one at a time.</summary>
internal sealed class TrainingExport(
    TrainingEvents events,
    Ledger ledger,
    PersonGroups groups,
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
            // An erasure is in the ledger before its archived events are deleted, and pending until they are.
            var isAllowed = await FindAllowedAsync(cancellationToken);
            // ExportResult passes the token of the request to each section.
            List<ExportSection> sections = [Section("events", ReadEvents(parts, isAllowed))];
            if (parts.Attributes.Count > 0)
                sections.Add(Section("attributes", ReadAttributesAsync(parts, isAllowed, CancellationToken.None)));
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

    /// <summary>Who may be trained on: not those who refuse it, nor those who are being erased.</summary>
    private async Task<Func<string, bool>> FindAllowedAsync(CancellationToken cancellationToken)
    {
        var pending = await groups.FindPendingAsync(cancellationToken);
        return userId => purposes.Allow(userId, Purpose.Train) && (pending.Count == 0 || !pending.Contains(hashes.NumberOf(userId)));
    }

    private IAsyncEnumerable<object> ReadEvents(TrainingParts parts, Func<string, bool> isAllowed) => events.ReadAsync(isAllowed)
        .Select(object (e) => new TrainingEvent(
            NameOf(e.UserId, parts),
            e.Kind,
            e.ItemId,
            EventTime.ToUtc(e.Timestamp),
            e.Categories,
            e.Value,
            parts.Texts ? e.Text : null));

    private async IAsyncEnumerable<object> ReadAttributesAsync(
        TrainingParts parts, Func<string, bool> isAllowed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = ""; await ReadAttributesPageAsync(after, cancellationToken) is { Count: > 0 } page; after = page[^1].UserId)
        {
            foreach (var user in page.Where(user => isAllowed(user.UserId)))
            {
                var asked = user.ToValues().Where(v => parts.Attributes.Contains(v.Key)).ToDictionary();
                if (asked.Count > 0)
                    yield return new TrainingAttributes(NameOf(user.UserId, parts), asked);
            }
        }
    }

    /// <summary>Without those that an alias still has: they are the person's as soon as they are moved.</summary>
    private async Task<List<AttributesRow>> ReadAttributesPageAsync(string after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Attributes.AsNoTracking()
            .Where(a => string.Compare(a.UserId, after) > 0 && !db.Aliases.Any(alias => alias.UserId == a.UserId))
            .OrderBy(a => a.UserId).Take(PageSize).ToListAsync(cancellationToken);
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
