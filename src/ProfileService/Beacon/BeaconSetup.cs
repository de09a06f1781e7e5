using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Beacon;

internal static class BeaconSetup
{
    public const string Policy = "Pages";

    private static readonly Endpoint WrongType = new(
        context => Problems.Of(
            StatusCodes.Status415UnsupportedMediaType,
            ErrorCodes.UnsupportedMediaType,
            $"Send {BeaconApi.Text} or application/json as Content-Type.").ExecuteAsync(context),
        new EndpointMetadataCollection(new AllowAnonymousAttribute(), new EnableCorsAttribute(Policy)),
        "415 of a beacon");

    private static readonly TimeSpan PreflightIsKept = TimeSpan.FromHours(1);

    public static WebApplicationBuilder AddBeacon(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<BeaconOptions>();
        builder.Services.AddSettings<PageOptions>();
        builder.Services.AddSingleton<IValidateOptions<PageOptions>, PageOriginRules>();
        builder.Services.AddSingleton<PageOrigins>().AddSingleton<PageTokens>().AddSingleton<TokenGate>().AddSingleton<BeaconParser>();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<PageOptions>>(
            (cors, pages) => cors.AddPolicy(Policy, policy => Allow(policy, pages.Value)));
        return builder;
    }

    /// <summary>
    /// Answers preflights for the address that is for pages. Must follow the routing. The middleware asks for services of the
    /// request, which would cost every other request memory.
    /// </summary>
    public static void UsePageCors(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<PageOrigins>().IsAny)
            return;
        app.Use(next => context =>
        {
            if (IsOfWrongType(context))
                context.SetEndpoint(WrongType);
            return next(context);
        });
        app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<ICorsMetadata>() is not null, pages => pages.UseCors());
    }

    // The routing's own answer to a wrong Content-Type is for callers with a key, and a page could not read it.
    private static bool IsOfWrongType(HttpContext context) =>
        context.GetEndpoint() is not (null or RouteEndpoint)
        && HttpMethods.IsPost(context.Request.Method)
        && context.Request.Path.Equals(BeaconApi.Path, StringComparison.OrdinalIgnoreCase);

    // Without the browser's credentials, which the service does not know.
    private static void Allow(CorsPolicyBuilder policy, PageOptions pages) => policy
        .WithOrigins(pages.Origins)
        .WithMethods(HttpMethods.Post)
        .WithHeaders(HeaderNames.ContentType)
        .WithExposedHeaders(HeaderNames.RetryAfter)
        .SetPreflightMaxAge(PreflightIsKept);
}
