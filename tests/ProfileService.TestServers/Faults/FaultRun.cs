using ProfileService.TestServers.Common;
using ProfileService.Windows;

namespace ProfileService.TestServers.Faults;

/// <summary>One schedule from its start to what is left when all is healed.</summary>
internal sealed class FaultRun(Schedule schedule, FaultWorld world) : IDisposable
{
    private const int Posters = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly CancellationTokenSource _stop = new();

    public static async Task<FaultResult> RunAsync(Schedule schedule, FaultyPostgres postgres)
    {
        await using var world = await FaultWorld.StartAsync(schedule, postgres);
        using var run = new FaultRun(schedule, world);
        return await run.RunAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task<FaultResult> RunAsync()
    {
        var readers = world.Services.Select((service, i) => new RevisionWatcher(_client, service, Drawn(100 + i))).ToList();
        var watches = world.Services.Select((service, i) => new ReadyWatch(_client, service, world.Sent, i)).ToList();
        var clients = Task.WhenAll(
        [
            .. Enumerable.Range(0, Posters).Select(i => new Poster(_client, world.Services, world.Sent, Drawn(i)).RunAsync(_stop.Token)),
            .. readers.Select(reader => reader.RunAsync(_stop.Token)),
            .. watches.Select(watch => watch.RunAsync(_stop.Token)),
        ]);
        await UntilAcknowledgedAsync(clients);
        await StrikeAsync();
        await Task.Delay(After, TimeProvider.System);
        await UntilAcknowledgedAsync(clients);
        await _stop.CancelAsync();
        await clients;
        var left = await new FaultOracle(_client, world, new WindowOptions { MaxEvents = FaultWorld.MaxEvents }).CheckAsync();
        return new FaultResult(
            schedule, world.Sent.Posted, world.Sent.Acknowledged, left, [.. readers.SelectMany(r => r.WentBack)],
                [.. watches.SelectMany(w => w.Violations)]);
    }

    private DrawnEvents Drawn(int client) => new((schedule.Seed * 1_000) + client);

    private async Task StrikeAsync()
    {
        foreach (var step in schedule.Steps)
        {
            await Task.Delay(step.Before, TimeProvider.System);
            foreach (var drawn in step.Faults.Where(drawn => drawn.Fault.CanStrike))
                await drawn.Fault.StrikeAsync(world, drawn.Target);
            await Task.Delay(step.Held, TimeProvider.System);
            foreach (var drawn in step.Faults.Where(drawn => drawn.Fault.CanStrike).OrderBy(drawn => drawn.Fault.Part))
                await drawn.Fault.HealAsync(world, drawn.Target);
        }
    }

    /// <summary>
    /// Waits until the service takes events: however slow the machine is, some are stored before the faults and after them. If it takes none
    /// any more, the oracle says what is wrong.
    /// </summary>
    private async Task UntilAcknowledgedAsync(Task clients)
    {
        var before = world.Sent.Acknowledged;
        _ = await Eventually.ComesTrueAsync(
            () => Task.FromResult(clients.IsCompleted || world.Sent.Acknowledged > before), Eventually.Bound);
    }
}
