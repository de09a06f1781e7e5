using Microsoft.AspNetCore.Http;
using ProfileService.Platform;

namespace ProfileService.Tests.Platform;

public sealed class AcceptHeaderTests
{
    [Theory]
    [InlineData("text/event-stream", true)]
    [InlineData("text/event-stream, application/x-ndjson", true)]
    [InlineData("application/x-ndjson, text/event-stream", false)]
    [InlineData("application/x-ndjson;q=0.5, text/event-stream", true)]
    [InlineData("application/x-ndjson, text/event-stream;q=0.1", false)]
    [InlineData("text/event-stream;q=0", false)]
    [InlineData("text/event-stream;q=0, application/x-ndjson", false)]
    [InlineData("*/*, text/event-stream", true)]
    [InlineData("*/*, text/event-stream;q=0.9", false)]
    [InlineData("application/*;q=0.2, text/event-stream;q=0.2", true)]
    [InlineData("Text/Event-Stream", true)]
    [InlineData("text/event-streams", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void FormIsPreferredByQualityThenByOrder(string? accept, bool isPreferred)
    {
        var request = new DefaultHttpContext().Request;
        if (accept is not null)
            request.Headers.Accept = accept;
        Assert.Equal(isPreferred, AcceptHeader.Prefers(request, "text/event-stream", "application/x-ndjson"));
    }
}
