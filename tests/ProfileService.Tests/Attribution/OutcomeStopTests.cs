using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Attribution;
using ProfileService.Platform;

namespace ProfileService.Tests.Attribution;

/// <summary>The stop of the counts of recommendations while their store is away.</summary>
public sealed class OutcomeStopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CountsThatCannotBeStoredAreTold()
    {
        var (time, logger) = (new FakeTimeProvider(), new FakeLogger<OutcomeWorker>());
        using var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counter = new OutcomeCounter(new ProfileMetrics(metrics.GetRequiredService<IMeterFactory>()), time);
        using var outcomes = new Outcomes(counter, new NoStore(), time);
        using var worker = new OutcomeWorker(outcomes, time, logger);
        await worker.StartAsync(Token);
        counter.CountAnswer("tiny/1", 3);
        await worker.StopAsync(Token);
        Assert.Equal("The last counts of recommendations could not be stored and are lost: away", Assert.Single(logger.Collector.GetSnapshot()).Message);
    }

    private sealed class NoStore : IOutcomeStore
    {
        public Task AddAsync(OutcomeBatch batch, CancellationToken cancellationToken) => Task.FromException(new IOException("away"));

        public Task<IReadOnlyDictionary<RecommendationSource, OutcomeCounts>> ReadAsync(DateOnly since, CancellationToken cancellationToken) => throw new IOException("away");
    }
}
