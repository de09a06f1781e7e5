using ProfileService.TestServers.Common;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>Asks one service whether it is ready and posts an event to it, side by side and over and over: both must tell the
/// same.</summary>
internal sealed class ReadyWatch(HttpClient client, FaultyService service, SentLog sent, int seed)
{
    private const int Users = 32; // of different partitions: a part of a cluster may be away

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ReadyLog _log = new();
    private int _posted;

    public IReadOnlyList<string> Violations => _log.Violations();

    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(ReadyAsync, _log.Ready, stop),
        RepeatAsync(async () => await Poster.TryPostAsync(client, service.Address, [Next()], asStream: false, sent), _log.Stored, stop));

    private static async Task RepeatAsync(Func<Task<bool?>> ask, List<Sample> samples, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var started = TimeProvider.System.GetUtcNow();
            if (await ask() is { } answer)
                samples.Add(new Sample(started, TimeProvider.System.GetUtcNow(), answer));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool?> ReadyAsync()
    {
        var wasStopping = service.IsStopping;
        var answer = await service.AnswersAsync("health/ready");
        return wasStopping || service.IsStopping ? null : answer;
    }

    private WindowEvent Next() => TestEvents.Event(_posted, $"ready-{seed}-{_posted++ % Users}");
}
