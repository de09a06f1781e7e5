using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>
/// Puts every archived event into its window again. A window is a function of the set of its events, so that it comes out as it was,
/// also where the service takes in events meanwhile, and doing it again changes nothing.
/// </summary>
internal sealed class WindowRebuild(EventArchive archive, IWindowStore windows)
{
    private const int BatchSize = 1_000;

    /// <param name="progress">Told the number of events read so far.</param>
    /// <returns>Events by verdict.</returns>
    public async Task<IReadOnlyDictionary<Verdict, long>> RunAsync(IProgress<long> progress, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<Verdict, long>();
        await foreach (var batch in archive.ReadAsync(cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            foreach (var (verdict, count) in (await windows.AppendAsync(batch, cancellationToken)).CountBy(v => v))
                counts[verdict] = counts.GetValueOrDefault(verdict) + count;
            progress.Report(counts.Values.Sum());
        }

        return counts;
    }
}
