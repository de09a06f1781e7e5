using ProfileService.Client;
using ProfileService.Tests.Privacy;

namespace ProfileService.Tests.Client;

/// <summary>A page that does without the service where there is no answer.</summary>
public sealed class BestEffortTests : IDisposable
{
    private readonly LogText _log = new();

    public static TheoryData<Exception, string> Failures => new()
    {
        { new HttpRequestException("http://service/v1/users/ada/profile broke off"), "the connection failed (Unknown)" },
        { new TimeoutException("http://service/v1/users/ada/profile took longer than 1 s"), "it took too long" },
        { new OperationCanceledException("ada"), "the call was cancelled" },
    };

    [Fact]
    public async Task AnswerIsHandedOn()
    {
        Assert.Equal("answer", await Task.FromResult("answer").OrNullAsync(_log));
        Assert.Empty(_log.ToString());
    }

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task WithoutAnAnswerThereIsNullAndALineThatNamesNoUser(Exception failure, string reason)
    {
        Assert.Null(await Task.FromException<string>(failure).OrNullAsync(_log));
        Assert.Contains($"without an answer from ProfileService: {reason}", _log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ada", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusalIsNullAndItsStatusIsLogged()
    {
        using var http = new HttpClient(new StubServer(() => StubServer.Busy())) { BaseAddress = new Uri("http://stub") };
        Assert.Null(await new ProfileServiceClient(http).GetStatusAsync(TestContext.Current.CancellationToken).OrNullAsync(_log));
        Assert.Contains("it answers 503", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MistakeOfTheCallerIsNoMissingAnswer() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Task.FromException<string>(new ArgumentException("wrong")).OrNullAsync(_log));

    public void Dispose() => _log.Dispose();
}
