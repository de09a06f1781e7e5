using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

public sealed class RepeatedWorkTests
{
    [Fact]
    public async Task FailureIsLoggedOnceUntilTheWorkSucceedsAndNeverAtTheStop()
    {
        using var stop = new CancellationTokenSource();
        var (turn, logged) = (0, new List<int>());
        await RepeatedWork.RunAsync(WorkAsync, TimeSpan.Zero, TimeProvider.System, _ => logged.Add(turn), stop.Token);
        Assert.Equal([1, 4], logged);

        Task WorkAsync(CancellationToken stoppingToken)
        {
            turn++;
            if (turn == 6)
                stop.Cancel();
            return turn is 3 or 5 ? Task.CompletedTask : throw new InvalidOperationException("away");
        }
    }
}
