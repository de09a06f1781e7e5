using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;

namespace ProfileService.Tests.Host;

/// <summary>A route of the service, as a request asks for it.</summary>
/// <param name="Parameters">What its query takes, as the description has it.</param>
/// <param name="BodyTypes">Content types of its body; none where it takes no body.</param>
/// <param name="Scopes">What a caller needs for each request.</param>
internal sealed record Route(string Method, string Path, IReadOnlyList<string> Parameters, IReadOnlyList<string> BodyTypes, List<string> Scopes)
{
    /// <summary>Every route but pages.</summary>
    public static async Task<IReadOnlyList<Route>> AllAsync(TestService service)
    {
        var paths = (await service.GetAsync("/swagger/v1/swagger.json")).Json.GetProperty("paths");
        return
        [
            .. from endpoint in service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
               where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
               let pattern = $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}"
               select new Route(
                   method,
                   pattern.Replace("{userId}", "u1", StringComparison.Ordinal).Replace("{itemId}", "i1", StringComparison.Ordinal)
                       .Replace("{category}", "c1", StringComparison.Ordinal)
                       .Replace("{receipt}", new string('0', 32), StringComparison.Ordinal),
                   ParametersOf(paths, pattern, method),
                   endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? [],
                   [.. endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>().Where(s => s.Part is null).Select(s => s.Scope)]),
        ];
    }

    public Task<Reply> SendAsync(TestService service, string query, string? body = null, string contentType = "application/json") => Method switch
    {
        "GET" => service.GetAsync(Path + query),
        "PUT" => service.PutAsync(Path + query, body ?? "{}", contentType),
        "PATCH" => service.PatchAsync(Path + query, body ?? "{}", contentType),
        "POST" => service.PostAsync(Path + query, body ?? "{}", contentType),
        "DELETE" => service.SendAsync(HttpMethod.Delete, Path + query, []),
        _ => throw new InvalidOperationException($"The tests do not know how to send {Method}."),
    };

    private static IReadOnlyList<string> ParametersOf(System.Text.Json.JsonElement paths, string pattern, string method) =>
        paths.TryGetProperty(pattern, out var path) && path.GetProperty(method.ToLowerInvariant()).TryGetProperty("parameters", out var parameters)
            ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)]
            : [];
}
