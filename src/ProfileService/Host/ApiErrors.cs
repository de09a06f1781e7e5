using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host;

/// <summary>Describes the errors that every operation may answer: its route does not say them again.</summary>
internal sealed class ApiErrors : IOperationFilter
{
    private const string Problem = "application/problem+json";

    private static readonly (int Status, string Meaning)[] Errors =
    [
        (StatusCodes.Status400BadRequest, "A parameter or an id that this address does not take; field names it."),
        (StatusCodes.Status503ServiceUnavailable, "A store does not answer, or too much is asked at once; Retry-After says when to try again."),
    ];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository);
        foreach (var (status, meaning) in Errors)
        {
            operation.Responses?.TryAdd($"{status}", new OpenApiResponse
            {
                Description = meaning,
                Content = new Dictionary<string, IOpenApiMediaType> { [Problem] = new OpenApiMediaType { Schema = schema } },
            });
        }
    }
}
