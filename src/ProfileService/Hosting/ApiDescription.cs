using System.Reflection;

namespace ProfileService.Hosting;

/// <summary>Swagger: the document at /swagger/v1/swagger.json and the page at /swagger, with examples that can be sent as they stand.</summary>
internal static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc("v1", new() { Title = "ProfileService", Version = "v1", Description = "Event in; fresh, versioned user vector out." });
            swagger.IncludeXmlComments(Assembly.GetExecutingAssembly());
            swagger.SupportNonNullableReferenceTypes();
            swagger.NonNullableReferenceTypesAsRequired();
            swagger.OperationFilter<ApiExamples>();
        });
    }

    /// <summary>A branch of its own: what serves the document and the page matches the path of each request that comes by it against patterns.</summary>
    public static void UseApiDescription(this WebApplication app) => app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), swagger =>
    {
        swagger.UseSwagger();
        swagger.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("v1/swagger.json", "ProfileService");
            ui.EnableDeepLinking();
            ui.EnableTryItOutByDefault();
        });
    });
}
