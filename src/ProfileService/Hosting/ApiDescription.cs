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

    public static void UseApiDescription(this WebApplication app)
    {
        app.UseSwagger();
        app.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("v1/swagger.json", "ProfileService");
            ui.EnableDeepLinking();
            ui.EnableTryItOutByDefault();
        });
    }
}
