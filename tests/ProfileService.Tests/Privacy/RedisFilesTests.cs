using System.Globalization;
using System.Text.RegularExpressions;
using ProfileService.Platform;
using ProfileService.Privacy;

namespace ProfileService.Tests.Privacy;

/// <summary>What is left of an erasure once the user is gone: that Redis writes its files anew.</summary>
[Needs(Need.Server)]
public sealed partial class RedisFilesTests
{
    /// <summary>The service's user may not ask for settings; with <c>$CONFIG=</c> the client does not even try.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(",$CONFIG=")]
    public async Task FilesAreWrittenAnewByOneWhoMayNotAskForSettings(string option)
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes");
        using var redis = new RedisConnection($"{server.ConnectionString()}{option}");
        await new RedisFiles(redis, TimeProvider.System).RewriteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await RewritesAsync(server));
    }

    [Fact]
    public async Task NoServerRewritesWhileOneOfThemCannot()
    {
        await using var primary = await RedisServer.StartAsync("--appendonly", "yes");
        await using var replica = await RedisServer.StartAsync("--appendonly", "yes");
        using var redis = new RedisConnection($"127.0.0.1:{replica.Port},{primary.ConnectionString()}");
        var files = new RedisFiles(redis, TimeProvider.System);

        await FollowAsync(replica, FreePort.Take(), "down"); // nobody listens there
        Assert.Contains($"127.0.0.1:{replica.Port} is a replica without its primary", await FailureAsync(files), StringComparison.Ordinal);
        Assert.Equal((0, 0), (await RewritesAsync(primary), await RewritesAsync(replica)));

        await FollowAsync(replica, primary.Port, "up");
        var before = await RewritesAsync(replica);
        await files.RewriteAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, before + 1), (await RewritesAsync(primary), await RewritesAsync(replica)));

        await replica.KillAsync();
        await Eventually.IsTrueAsync(() => Task.FromResult(redis.Servers.Any(server => !server.IsConnected)));
        Assert.Contains($"127.0.0.1:{replica.Port} cannot be reached", await FailureAsync(files), StringComparison.Ordinal);
        Assert.Equal(1, await RewritesAsync(primary));
    }

    private static async Task FollowAsync(RedisServer replica, int port, string link)
    {
        await RedisLine.SendAsync(replica.Port, $"REPLICAOF 127.0.0.1 {port}");
        await Eventually.IsTrueAsync(async () =>
            (await RedisLine.SendAsync(replica.Port, "INFO replication")).Contains($"master_link_status:{link}", StringComparison.Ordinal));
    }

    private static async Task<string> FailureAsync(RedisFiles files) =>
        (await Assert.ThrowsAsync<IOException>(() => files.RewriteAsync(TestContext.Current.CancellationToken))).Message;

    private static async Task<int> RewritesAsync(RedisServer server)
    {
        var info = await RedisLine.SendAsync(server.Port, "INFO persistence");
        return int.Parse(Rewrites().Match(info).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^aof_rewrites:(\d+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Rewrites();
}
