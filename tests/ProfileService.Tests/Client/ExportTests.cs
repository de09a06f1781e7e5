using System.Net;
using System.Text.Json;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>Exports as the client reads them.</summary>
public sealed class ExportTests
{
    private const string First = """{"contents":{"events":1},"userId":"u1"}""";
    private const string Line = """{"section":"events","eventId":"e1"}""";
    private const string End = """{"section":"end","lines":1}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LinesComeInTheirOrder()
    {
        var server = new StubServer(() => StubServer.Ok($"{First}\n{Line}\n{End}\n"));
        var lines = await ClientOf(server).ExportUserAsync("a/b", Token).Select(line => line.GetRawText()).ToListAsync(Token);
        Assert.Equal([First, Line, End], lines);
        Assert.Equal([("POST /v1/exports", """{"userId":"a/b"}""")], server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData($"{First}\n")]
    [InlineData($"{First}\n{Line}\n")]
    [InlineData($"{First}\n{End}\n{Line}\n")]
    public async Task ExportWithoutAnEndIsNotTakenForAWholeOne(string answer) =>
        await Assert.ThrowsAsync<HttpRequestException>(() => CountAsync(() => StubServer.Ok(answer)));

    [Fact]
    public async Task RefusalAndAnswersThatAreNoExportAreProblems()
    {
        var refused = await Assert.ThrowsAsync<ProfileServiceException>(() => CountAsync(() => StubServer.Busy()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        var other = await Assert.ThrowsAsync<ProfileServiceException>(() => CountAsync(() => StubServer.Ok("<html>")));
        Assert.IsAssignableFrom<JsonException>(other.InnerException);
    }

    private static async Task<int> CountAsync(Func<HttpResponseMessage> answer) =>
        await ClientOf(new StubServer(answer)).ExportUserAsync("u1", Token).CountAsync(Token);

    private static ProfileServiceClient ClientOf(StubServer server) =>
        new(new HttpClient(server) { BaseAddress = new Uri("http://service") });
}
