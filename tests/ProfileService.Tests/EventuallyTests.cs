namespace ProfileService.Tests;

/// <summary>What a test says that waits in vain.</summary>
public sealed class EventuallyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConditionThatNeverAnswersIsNotTrue()
    {
        var never = new TaskCompletionSource<bool>().Task;
        Assert.False(await Eventually.ComesTrueAsync(() => never, Soon).WaitAsync(Eventually.Bound, TimeProvider.System, Token));
    }

    [Fact]
    public async Task TimeoutOfWhatIsAskedIsAFailureOfIt()
    {
        var failed = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.ComesTrueAsync(() => Task.FromException<bool>(new TimeoutException("of Redis")), Eventually.Bound));
        Assert.Equal("of Redis", failed.Message);
    }

    [Fact]
    public async Task LastAnswerIsTold()
    {
        var failed = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.AnswersAsync(() => Task.FromResult("503 not now"), answer => answer.StartsWith("200", StringComparison.Ordinal), Soon));
        Assert.Contains("503 not now", failed.Message, StringComparison.Ordinal);
    }
}
