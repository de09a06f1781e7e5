using System.Text.Json;
using Microsoft.OpenApi;
using ProfileService.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Schema of users' attributes: each has a name and a text, number or boolean.</summary>
internal static class AttributeSchema
{
    public static void MapAttributes(this SwaggerGenOptions swagger) =>
        swagger.MapType<IReadOnlyDictionary<string, JsonElement>>(() => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            MaxProperties = AttributeParser.MaxAttributes,
            AdditionalProperties = new OpenApiSchema
            {
                OneOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = AttributeParser.MaxTextLength },
                    new OpenApiSchema { Type = JsonSchemaType.Number },
                    new OpenApiSchema { Type = JsonSchemaType.Boolean },
                ],
            },
        });
}
