using ProfileService.Platform;
using ProfileService.Privacy;

namespace ProfileService.Tests.Privacy;

/// <summary>What is left of an erasure once the user is gone: that Redis writes its files anew.</summary>
[Needs(Need.Server)]
public sealed class RedisFilesTests
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
        Assert.Contains("\naof_rewrites:1\r\n", await RedisLine.SendAsync(server.Port, "INFO persistence"), StringComparison.Ordinal);
    }
}
