using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace ProfileService.Host;

/// <summary>Swagger: the document at /swagger/v1/swagger.json and the page at /swagger, with examples that can be sent as they stand.</summary>
internal static class ApiDescription
{
    private const string Version = "v1";

    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(
                Version, new() { Title = "ProfileService", Version = Version, Description = "Event in; fresh, versioned user vector out." });
            swagger.IncludeXmlComments(Assembly.GetExecutingAssembly());
            swagger.SupportNonNullableReferenceTypes();
            swagger.NonNullableReferenceTypesAsRequired();
            swagger.OperationFilter<ApiExamples>();
            swagger.OperationFilter<ApiErrors>();
        });
    }

    /// <summary>A branch of its own: what serves the document and the page matches the path of each request that comes by it against patterns.</summary>
    public static void UseApiDescription(this WebApplication app) => app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger"), swagger =>
    {
        swagger.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("v1/swagger.json", "ProfileService");
            ui.EnableDeepLinking();
            ui.EnableTryItOutByDefault();
        });
    });

    /// <summary>The document is the same for everyone, and dear to make: it is made once, and asked for again by its tag.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        var document = new Lazy<Task<(byte[] Content, EntityTagHeaderValue Etag)>>(() => DescribeAsync(routes.ServiceProvider));
        routes.MapMethods($"/swagger/{Version}/swagger.json", [HttpMethods.Get, HttpMethods.Head], async () =>
        {
            var (content, etag) = await document.Value;
            return TypedResults.Bytes(content, "application/json;charset=utf-8", entityTag: etag);
        }).ExcludeFromDescription();
    }

    private static async Task<(byte[] Content, EntityTagHeaderValue Etag)> DescribeAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Version);
        var content = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0));
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }
}
