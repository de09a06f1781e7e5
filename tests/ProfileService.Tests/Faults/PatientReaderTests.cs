using System.Net;
using ProfileService.TestServers.Faults;

namespace ProfileService.Tests.Faults;

/// <summary>What the judge of drawn faults takes for an answer, and what it asks for again.</summary>
public sealed class PatientReaderTests
{
    private const string Unavailable = """{"code":"store_unavailable"}""";

    private static readonly Uri Address = new("http://service/v1/users/u1/profile");

    [Fact]
    public async Task ServiceThatIsBusyIsAskedAgain()
    {
        using var service = new Answers((503, Unavailable), (429, "{}"), (0, ""), (200, "whole"));
        Assert.Equal("whole", await GetAsync(service));
    }

    [Theory]
    [InlineData(404, "{}")]
    [InlineData(503, """{"code":"not_computed"}""")]
    public async Task UserWithoutAProfileIsAnAnswer(int status, string body)
    {
        using var service = new Answers((status, body));
        Assert.Null(await GetAsync(service));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task AnswerOfAnotherKindIsAFailure(int status)
    {
        using var service = new Answers((status, "why"));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => GetAsync(service));
        Assert.Equal($"{Address}: {status} why", failed.Message);
    }

    private static async Task<string?> GetAsync(Answers service)
    {
        using var client = new HttpClient(service, disposeHandler: false);
        return await new PatientReader(client).GetAsync(Address);
    }

    /// <summary>Gives one answer after the other, and then none; a status of 0 is a connection that breaks.</summary>
    private sealed class Answers(params (int Status, string Body)[] answers) : HttpMessageHandler
    {
        private readonly Queue<(int Status, string Body)> _answers = new(answers);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = _answers.Dequeue();
            return status == 0
                ? throw new HttpRequestException("broken")
                : Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) });
        }
    }
}
