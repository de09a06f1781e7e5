using Microsoft.OpenApi;
using ProfileService.Platform;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Describes the headers that a route declares by <see cref="ApiHeader"/>.</summary>
internal sealed class HeaderFilter : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var header in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ApiHeader>())
        {
            var schema = context.SchemaGenerator.GenerateSchema(header.Type, context.SchemaRepository);
            if (header.Status is { } status)
                Describe((OpenApiResponse)operation.Responses![$"{status}"], header, schema);
            else
                Describe(operation, header, schema);
        }
    }

    private static void Describe(OpenApiResponse answer, ApiHeader header, IOpenApiSchema schema)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[header.Name] = new OpenApiHeader { Description = header.Meaning, Schema = schema };
    }

    private static void Describe(OpenApiOperation operation, ApiHeader header, IOpenApiSchema schema)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(
            new OpenApiParameter { Name = header.Name, In = ParameterLocation.Header, Description = header.Meaning, Schema = schema });
    }
}
