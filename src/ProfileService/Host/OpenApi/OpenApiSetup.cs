using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace ProfileService.Host.OpenApi;

/// <summary>The OpenAPI document at /swagger/v1/swagger.json, and the page at /swagger that shows it.</summary>
internal static class OpenApiSetup
{
    private const string Version = "v1";

    private static readonly OpenApiInfo Info = new()
    {
        Title = "ProfileService",
        Version = Version,
        Description = """
            Events in; fresh, versioned user vectors out.
            A request may be sent again without harm: a known event is a duplicate, and a `PUT` stores the same thing once more. Unknown
            query parameters are refused, and so are unknown body fields, except in events. Answers may gain fields in later versions.
            Lengths are counted in UTF-16 code units.
            """,
    };

    public static void AddApiDescription(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(swagger =>
        {
            swagger.SwaggerDoc(Version, Info);
            swagger.IncludeXmlComments(Assembly.GetExecutingAssembly());
            swagger.SupportNonNullableReferenceTypes();
            swagger.CustomOperationIds(OperationIdOf);
            swagger.SortSchemasWith(StringComparer.Ordinal);
            swagger.OrderActionsBy(TagFilter.OrderOf);
            swagger.MapAttributes();
            swagger.DocumentFilter<TagFilter>();
            swagger.DocumentFilter<ErrorFilter>();
            swagger.OperationFilter<ErrorFilter>();
            swagger.OperationFilter<HeaderFilter>();
            swagger.OperationFilter<BodyFilter>();
            swagger.OperationFilter<ExampleFilter>();
            swagger.DescribeSecurity();
            swagger.ParameterFilter<ParameterFilter>();
            swagger.SchemaFilter<SchemaFilter>();
            swagger.SchemaFilter<SettingFilter>();
        });
    }

    /// <summary>Serves the page in a separate branch, because its middleware matches the path of every request against patterns.</summary>
    public static void UseApiDescription(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/swagger"),
        swagger => swagger.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint($"{Version}/swagger.json", Info.Title);
            ui.EnableDeepLinking();
            ui.EnableTryItOutByDefault();
        }));

    /// <summary>Serves the document. It is the same for all clients and expensive to create; it is created once and has an ETag.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        var document = new Lazy<Task<(byte[] Content, EntityTagHeaderValue Etag)>>(() => DescribeAsync(routes.ServiceProvider));
        routes.MapMethods($"/swagger/{Version}/swagger.json", [HttpMethods.Get, HttpMethods.Head], async () =>
        {
            var (content, etag) = await document.Value;
            return TypedResults.Bytes(content, "application/json;charset=utf-8", entityTag: etag);
        }).ExcludeFromDescription().AllowAnonymous();
    }

    private static async Task<(byte[] Content, EntityTagHeaderValue Etag)> DescribeAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Version);
        var content = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_0));
        return (content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }

    /// <summary>The name of the handler, such as getProfile.</summary>
    private static string OperationIdOf(ApiDescription route) =>
        JsonNamingPolicy.CamelCase.ConvertName(route.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().First().Name);
}
