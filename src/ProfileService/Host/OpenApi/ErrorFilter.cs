using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Describes each error once; operations refer to it.</summary>
internal sealed class ErrorFilter : IOperationFilter, IDocumentFilter
{
    private const int FirstError = 400;

    private static readonly Dictionary<string, (string Name, string Meaning)> Errors = new()
    {
        ["400"] = ("BadRequest", "The request is wrong; code says how, and field where."),
        ["401"] = ("Unauthorized", "The request has no API key, access token or token for pages that is valid; code says which of these."),
        ["403"] = (
            "Forbidden",
            "The caller lacks a scope, which scopes names; or the request comes from a page of another site, by way of a browser."),
        ["404"] = ("NotFound", "Nothing is known of the user or the item, or the service, as it is set up, has no such address."),
        ["408"] = ("RequestTimeout", "The body came too slowly."),
        ["409"] = ("Conflict", "The service, as it is set up, cannot do this; code and detail say why."),
        ["410"] = ("Gone", "The cursor is of another database, or of another model; detail says how to begin anew."),
        ["413"] = ("ContentTooLarge", "The body is too large; detail names the limit."),
        ["415"] = ("UnsupportedMediaType", "The body's Content-Type, charset or Content-Encoding is not one that the route reads."),
        ["429"] = ("TooManyRequests", "The caller has had what it may have of this second. Try again after Retry-After."),
        ["500"] = ("InternalServerError", "The service failed; its log says why, under traceId."),
        ["503"] = (
            "ServiceUnavailable",
            "A store is unreachable, the service is overloaded, or what is asked for is not computed yet. Try again after Retry-After."),
    };

    private static readonly OpenApiHeader RetryAfter = new()
    {
        Description = "Seconds to wait before the request is sent again.",
        Required = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "0" },
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var described = operation.Responses!.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses = [];
        foreach (var (status, response) in described)
            operation.Responses[status] = IsError(status) ? new OpenApiResponseReference(Errors[status].Name, context.Document) : response;
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var components = swaggerDoc.Components!;
        components.Schemas!.Remove(nameof(ProblemDetails)); // the framework's type, which lacks code and field
        components.Responses = new Dictionary<string, IOpenApiResponse>();
        foreach (var (status, (name, meaning)) in Errors)
        {
            components.Responses[name] = new OpenApiResponse
            {
                Description = meaning,
                Headers = status is "429" or "503" ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter } : null,
                Content = new Dictionary<string, IOpenApiMediaType> { ["application/problem+json"] = Problem(swaggerDoc) },
            };
        }
    }

    private static OpenApiMediaType Problem(OpenApiDocument document) =>
        new() { Schema = new OpenApiSchemaReference(nameof(Problem), document) };

    private static bool IsError(string status) => int.Parse(status, null) >= FirstError;
}
