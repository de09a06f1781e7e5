using ProfileService.Platform;

namespace ProfileService.Privacy.Export;

/// <summary>Opens exports: all that the stores know of a user. An export holds connections while a client reads it.</summary>
internal sealed class UserExport(IEnumerable<IExportSource> sources, TimeProvider time) : IDisposable
{
    /// <summary>Exports that may be open in this process at the same time.</summary>
    public const int Most = 4;

    private readonly SemaphoreSlim _free = new(Most);

    /// <summary>Opens every section, so that a store that is away fails the request before anything is answered.</summary>
    /// <exception cref="OverloadedException">Too many exports are open.</exception>
    public async Task<OpenExport> OpenAsync(string userId, CancellationToken cancellationToken)
    {
        if (!_free.Wait(0, CancellationToken.None))
            throw new OverloadedException($"{Most} exports are being sent already. Try again when one of them has ended.");
        var export = new OpenExport(userId, time.GetUtcNow().UtcDateTime, () => _free.Release());
        try
        {
            foreach (var source in sources)
                export.Add(await source.OpenAsync(userId, cancellationToken));
            return export;
        }
        catch
        {
            await export.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _free.Dispose();
}
