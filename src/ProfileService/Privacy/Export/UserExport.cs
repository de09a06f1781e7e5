using ProfileService.Platform;
using ProfileService.Privacy.Merging;

namespace ProfileService.Privacy.Export;

/// <summary>
/// Opens exports: all that the stores know of a person, by whichever of the person's ids it is asked for. An export holds connections while
/// a client reads it.
/// </summary>
internal sealed class UserExport(IEnumerable<IExportSource> sources, ArchiveSource archive, AliasStore aliases, TimeProvider time)
    : IDisposable
{
    /// <summary>Exports that may be open in this process at the same time.</summary>
    public const int MaxAtOnce = 4;

    private readonly SemaphoreSlim _free = new(MaxAtOnce);

    /// <summary>Opens every section, so that a store that is away fails the request before anything is answered.</summary>
    /// <exception cref="OverloadedException">Too many exports are open.</exception>
    public async Task<OpenExport> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, CancellationToken.None))
            throw new OverloadedException($"{MaxAtOnce} exports are being sent already. Try again when one of them has ended.");
        OpenExport? export = null;
        try
        {
            var ids = await FindIdsAsync(userId, cancellationToken);
            export = new OpenExport(ids[0], time.GetUtcNow().UtcDateTime, () => _free.Release());
            foreach (var source in sources)
                export.Add(await OpenAsync(source, ids, cancellationToken));
            export.Add(await archive.OpenAsync(ids, cancellationToken)); // last, because it holds a transaction
            return export;
        }
        catch
        {
            if (export is null)
                _free.Release();
            else
                await export.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _free.Dispose();

    /// <summary>The person's id first, then those of the aliases.</summary>
    private async Task<IReadOnlyList<string>> FindIdsAsync(string userId, CancellationToken cancellationToken) =>
        await aliases.FindOfPersonAsync(userId, cancellationToken) is { Count: > 0 } found
            ? [found[0].PersonId, .. found.Select(a => a.UserId)]
            : [userId];

    private static async Task<IReadOnlyList<ExportSection>> OpenAsync(
        IExportSource source, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var sections = await source.OpenAsync(ids[0], cancellationToken);
        foreach (var alias in ids.Skip(1))
        {
            var more = await source.OpenAsync(alias, cancellationToken);
            sections = [.. sections.Select((section, i) => section.With(more[i]))];
        }

        return sections;
    }
}
