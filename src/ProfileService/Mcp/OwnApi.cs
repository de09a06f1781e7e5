using System.Text.Json.Nodes;

namespace ProfileService.Mcp;

/// <summary>
/// Sends requests to the service's own API within the process. They pass all that a request from outside passes: credentials, scopes,
/// limits, the audit log, the rules for parameters, aliases and purposes. So no tool has rules of its own.
/// </summary>
internal sealed class OwnApi(IServiceScopeFactory scopes)
{
    private RequestDelegate? _pipeline;

    /// <param name="pipeline">All middlewares and routes of the service.</param>
    public void Connect(RequestDelegate pipeline) => _pipeline = pipeline;

    /// <param name="caller">The request from outside that this one is sent for.</param>
    public async Task<OwnAnswer> SendAsync(HttpContext caller, OwnRequest request)
    {
        await using var scope = scopes.CreateAsyncScope();
        var response = new OwnResponse();
        try
        {
            await _pipeline!(request.ContextFor(caller, response, scope.ServiceProvider));
            await response.StartAsync();
        }
        finally
        {
            await response.CompleteAsync();
        }

        caller.RequestAborted.ThrowIfCancellationRequested(); // what was read until then may be cut off
        return new OwnAnswer(response.StatusCode, response.Headers.RetryAfter, JsonNode.Parse(response.Content.ToArray())!.AsObject());
    }
}

/// <summary>An answer of the service's own API.</summary>
/// <param name="RetryAfter">Seconds; null if it does not say so.</param>
/// <param name="Json">What was asked for, or the problem.</param>
internal sealed record OwnAnswer(int Status, string? RetryAfter, JsonObject Json)
{
    public bool IsProblem => Status >= StatusCodes.Status400BadRequest;
}
