using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ProfileService.Tests.Host;

public sealed class PipelineTests(TestService service) : IClassFixture<TestService>
{
    /// <summary>A route that ends at the routing is answered before authentication, limits and time-outs. Only health may be.</summary>
    [Fact]
    public void DescribedRoutesRunThroughEveryMiddleware() => Assert.All(
        service.Services.GetRequiredService<EndpointDataSource>().Endpoints.Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null),
        endpoint => Assert.DoesNotContain("ShortCircuitMetadata", endpoint.Metadata.Select(m => m.GetType().Name)));
}
