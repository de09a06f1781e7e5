using System.Net;
using System.Text;

namespace ProfileService.Tests.Client;

/// <summary>Gives one answer after the other, the last one for good, and keeps what it was asked.</summary>
internal sealed class StubServer(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<(string Asked, string? Body)> Requests { get; } = [];

    /// <summary>How the last request was authorised.</summary>
    public string? Authorization { get; private set; }

    public static HttpResponseMessage Ok(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Busy(TimeSpan? retryAfter = null) => new(HttpStatusCode.ServiceUnavailable)
    {
        Headers = { RetryAfter = retryAfter is { } delta ? new(delta) : null },
        Content = new StringContent("""{"title":"Service Unavailable","status":503,"detail":"A store does not answer."}""", Encoding.UTF8, "application/problem+json"),
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(($"{request.Method} {request.RequestUri!.PathAndQuery}", body));
        Authorization = request.Headers.Authorization?.ToString();
        var answer = answers[Math.Min(Requests.Count, answers.Length) - 1]();
        answer.RequestMessage = request;
        return answer;
    }
}
