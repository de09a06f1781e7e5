using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Host;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.Setup;

/// <summary>The stores of a service under test, through the service's own classes but in this process.</summary>
internal sealed class ServiceStores : IAsyncDisposable
{
    private readonly WebApplication _app; // built, never started: nothing of it runs by itself

    public ServiceStores(string[] stores)
    {
        var builder = ServiceBuilder.Create(stores);
        builder.AddHosting().AddWindows().AddProfiles();
        _app = builder.Build();
    }

    public IWindowStore Windows => _app.Services.GetRequiredService<IWindowStore>();

    public IDueQueue Queue => _app.Services.GetRequiredService<IDueQueue>();

    public IDatabase Redis => _app.Services.GetRequiredService<RedisConnection>().Database;

    /// <summary>The read cache of profiles.</summary>
    public ProfileCache Cache => _app.Services.GetRequiredService<ProfileCache>();

    public IDbContextFactory<ProfileDbContext> Profiles => _app.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    public RedisWindowKeys Keys { get; } = new(new RedisPartitions(Partitions));

    private static int Partitions => new WindowOptions().Partitions;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Whether nobody is due or claimed; one command, so that asking often costs little.</summary>
    public async Task<bool> IsNobodyDueAsync()
    {
        object[] keys = [.. Enumerable.Range(0, Partitions).SelectMany(Keys.Due).Select(key => (object)key)];
        return (long)await Redis.ExecuteAsync("EXISTS", keys) == 0;
    }

    /// <summary>What a user's window takes in Redis, its key included.</summary>
    public async Task<long> BytesOfAsync(string user) =>
        await _app.Services.GetRequiredService<RedisWindowReader>().MeasureAsync(user) ?? throw new InvalidOperationException($"{user} has no window.");

    public async Task<IReadOnlyList<Window>> FindAsync(IEnumerable<string> users, CancellationToken cancellationToken)
    {
        var windows = new List<Window>();
        foreach (var user in users)
            windows.Add((await Windows.FindAsync(user, cancellationToken))!.Window);
        return windows;
    }
}
