namespace ProfileService.Platform;

/// <summary>What all routes of the API share: the path prefix and the errors that any of them may return.</summary>
internal static class ApiRoutes
{
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1");
        ((IEndpointConventionBuilder)api).Finally(routes.ServiceProvider.GetRequiredService<ApiRouteTable>().Note);
        return api.ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status500InternalServerError)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }
}
