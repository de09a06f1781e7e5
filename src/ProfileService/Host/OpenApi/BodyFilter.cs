using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using ProfileService.Intake;
using ProfileService.Lookup;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>
/// Describes whether a body is required, and bodies that are not a single JSON object: a batch may be an array, and a vector is binary.
/// </summary>
internal sealed class BodyFilter(IOptions<IntakeOptions> options) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.RequestBody is OpenApiRequestBody { Content: { } content } body)
        {
            var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
            body.Required = !metadata.OfType<IAcceptsMetadata>().Any(a => a.IsOptional);
            if (metadata.OfType<BodyLine>().SingleOrDefault() is { } line)
                SetSchema(content[BatchEndpoint.Ndjson], context.SchemaGenerator.GenerateSchema(line.Type, context.SchemaRepository));
            else if (content.ContainsKey(BatchEndpoint.Ndjson))
                AllowArray((OpenApiMediaType)content[BatchEndpoint.Json]);
            foreach (var other in metadata.OfType<BodySchema>())
                SetSchema(content[other.MediaType], Bounded(context.SchemaGenerator.GenerateSchema(other.Type, context.SchemaRepository)));
        }

        foreach (var answer in operation.Responses!.Values.OfType<OpenApiResponse>())
        {
            if (answer.Content?.TryGetValue(ProfileFormat.Bytes, out var bytes) == true)
                SetSchema(bytes, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" });
        }
    }

    private static void SetSchema(IOpenApiMediaType media, IOpenApiSchema schema) => ((OpenApiMediaType)media).Schema = schema;

    private IOpenApiSchema Bounded(IOpenApiSchema schema)
    {
        if (schema is OpenApiSchema { Type: JsonSchemaType.Array } array)
            array.MaxItems = options.Value.MaxArrayLength;
        return schema;
    }

    private void AllowArray(OpenApiMediaType json)
    {
        var array = new OpenApiSchema { Type = JsonSchemaType.Array, Items = json.Schema, MaxItems = options.Value.MaxArrayLength };
        json.Schema = new OpenApiSchema { OneOf = [json.Schema!, array] };
    }
}
