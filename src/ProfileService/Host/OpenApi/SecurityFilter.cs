using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using ProfileService.Platform;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Describes how callers sign in, and the scopes that each route requires.</summary>
internal sealed class SecurityFilter : IOperationFilter
{
    public const string Scheme = "bearer";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
            return;
        }

        var scopes = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<ScopeRequirement>().ToList();
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        if (scopes.Count > 0)
            operation.Description = $"{operation.Description}\n\nRequired scopes: {string.Join(", ", scopes.Select(Describe))}.".Trim();
    }

    private static string Describe(ScopeRequirement required) =>
        required.Part is { } part ? $"`{required.Scope}` for `include={part}`" : $"`{required.Scope}`";
}

internal static class SecurityDescription
{
    public static void DescribeSecurity(this SwaggerGenOptions swagger)
    {
        swagger.AddSecurityDefinition(SecurityFilter.Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = SecurityFilter.Scheme,
            Description = "An API key, or an access token of the identity provider. With `Auth:Mode` None, the service asks for neither.",
        });
        swagger.OperationFilter<SecurityFilter>();
    }
}
