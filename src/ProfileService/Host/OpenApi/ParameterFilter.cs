using System.Reflection;
using Microsoft.OpenApi;
using ProfileService.Platform;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Describes ids in paths, which have the same rules in every route, and parameters that are a list of words.</summary>
internal sealed class ParameterFilter : IParameterFilter
{
    private const string Id = "1 to 128 characters, no control characters, not . or ..; in the path, percent-encoded as UTF-8.";

    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter own)
            return;
        if (own.In == ParameterLocation.Path)
            (own.Description, own.Schema) = (Id, SchemaFilter.Text(new IdAttribute()));
        if (context.ParameterInfo.GetCustomAttribute<SomeOfAttribute>() is { } several)
            (own.Schema, own.Style, own.Explode) = (SchemaFilter.ArrayOf(several), ParameterStyle.Form, false);
    }
}
