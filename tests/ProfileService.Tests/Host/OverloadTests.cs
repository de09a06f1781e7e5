using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>Many times as much as is taken on: what is refused is told so at once, the rest is answered, and nothing is held afterwards.</summary>
public sealed class OverloadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly string[] Reads =
    [
        "/v1/users/u1/window", "/v1/users/u1/explanation", "/v1/users/u1/recommendations", "/v1/users/u1/predictions", "/v1/users/u1/similar", "/v1/users/u1/attributes",
        "/v1/users", "/v1/status", "/v1/items/i1", "/v1/users/u1/profile?include=explanation", "/v1/items", "/v1/items?query=x",
    ];

    [Fact]
    public async Task WhileAllTurnsAreTakenReadsAreRefusedAndHealthAndSingleLookupsAreNot()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        Assert.Equal(200, (await service.FreshAsync("u1")).Status);
        var limits = service.Services.GetRequiredService<ReadLimits>();
        using (await limits.AcquireAsync(limits.Permits, Token))
        {
            using var stop = new CancellationTokenSource();
            var waiting = Enumerable.Range(0, ReadLimits.WaitingShare).Select(_ => limits.AcquireAsync(limits.Permits, stop.Token).AsTask()).ToList();
            foreach (var path in Reads)
                IsRefused(await service.GetAsync(path));
            IsRefused(await LookUpAsync(service, 1));
            IsRefused(await LookUpAsync(service, 1_000));

            Assert.Equal(200, (await service.GetAsync("/health/live")).Status);
            await service.Client.ReadyAsync(200);
            Assert.Equal(200, (await service.GetAsync("/v1/users/u1/profile")).Status);
            await service.AcceptAsync(Event(2));
            Assert.Equal(200, (await service.FreshAsync("u1")).Status); // as it is known
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => Task.WhenAll(waiting)); // canceled, or given up before
        }

        Assert.Equal(200, (await LookUpAsync(service, 1_000)).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/explanation")).Status);
    }

    [Fact]
    public async Task SearchThatLooksThroughTheCatalogueNeedsTheRoomOfAProcessor()
    {
        using var service = new TestService();
        var limits = service.Services.GetRequiredService<ReadLimits>();
        using (await limits.AcquireAsync(limits.Permits - ReadCost.Query.Users, Token))
        {
            Assert.Equal(200, (await service.GetAsync("/v1/items")).Status);
            IsRefused(await service.GetAsync("/v1/items?query=x"));
        }

        Assert.Equal(200, (await service.GetAsync("/v1/items?query=x")).Status);
    }

    [Fact]
    public async Task WhatIsLookedUpByHundredsAtOnceIsAnsweredOrRefusedAndNothingIsHeldAfterwards()
    {
        using var service = TestService.With(new AvailableMemory(AvailableMemory.Minimum)); // a large machine would refuse nobody
        var statuses = new ConcurrentBag<int>();
        // Fewer at once than the connections that so little memory carries.
        var clients = new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Token };
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_600), clients, async (_, _) =>
        {
            var reply = await LookUpAsync(service, 1_000);
            Assert.True(reply.Status == 200 || (reply.Status == 503 && reply.Headers.ContainsKey("Retry-After")), $"{reply.Status}");
            statuses.Add(reply.Status);
        });
        Assert.Equal([200, 503], statuses.Distinct().Order());
        var limits = service.Services.GetRequiredService<ReadLimits>();
        using var all = await limits.AcquireAsync(limits.Permits, Token);
        await Eventually.IsTrueAsync(() => Task.FromResult(limits.AnswerBytes == 0));
    }

    [Fact]
    public async Task WhatIsPostedByHundredsAtOnceIsStoredOrRefusedAndWhatIsStoredIsThere()
    {
        using var service = new TestService(("Hosting:MaxIngests", "1"), ("Hosting:MaxWaitingIngests", "8"));
        var stored = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Token }, async (i, _) =>
        {
            var reply = await service.PostAsync("/v1/events", Event(1, $"u{i}").Json());
            Assert.True(reply.Status == 202 || (reply.Status == 503 && reply.Headers.ContainsKey("Retry-After")), $"{reply.Status}");
            if (reply.Status == 202)
                Interlocked.Increment(ref stored);
        });
        Assert.InRange(stored, 1, 999);
        await service.Client.NobodyIsDueAsync();
        await Eventually.IsTrueAsync(async () => await service.GetAsync("/v1/users?count=1") is { Status: 200 } reply && reply.Json.GetProperty("total").GetInt32() == stored);
        Assert.Equal(0, service.Services.GetRequiredService<BodyLimits>().Held.Held);
    }

    private static Task<Reply> LookUpAsync(TestService service, int users) =>
        service.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = Enumerable.Range(0, users).Select(i => $"nobody-{i}") }));

    private static void IsRefused(Reply reply)
    {
        Assert.Equal("overloaded", reply.Problem(503).GetProperty("code").GetString());
        Assert.True(reply.Headers.ContainsKey("Retry-After"));
    }
}
