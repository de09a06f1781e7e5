using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ProfileService.Audit;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Auth;

internal static class AuthSetup
{
    // Hosted service of the framework that would make and store keys for cookies, which this service does not use.
    private const string UnusedKeys = "DataProtectionHostedService";

    // Properties by which the framework knows that its middlewares are in the pipeline.
    private static readonly string[] IsSet = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static WebApplicationBuilder AddAuth(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AuthOptions>();
        builder.Services.AddSingleton<IValidateOptions<AuthOptions>, AuthRules>();
        builder.Services.AddSingleton<AccessGuard>().AddSingleton<RateLimits>();
        var options = builder.Configuration.Read<AuthOptions>();
        if (options.Mode == AuthMode.None)
            return builder;

        AddSchemes(builder, options);
        AddDecisions(builder.Services);
        return builder;
    }

    /// <summary>Must follow the routing. Does nothing but guard the address if everyone may use the service.</summary>
    public static void UseAuth(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.Mode == AuthMode.None)
        {
            app.UseAccessGuard();
            return;
        }

        // The framework would put its own in front of everything, because it does not see those of a branch.
        IApplicationBuilder pipeline = app;
        foreach (var isSet in IsSet)
            pipeline.Properties[isSet] = true;
        var pass = app.Services.GetService<KeyPass>();
        app.Use(next =>
        {
            var admitted = Branch(app, next, branch => branch.UseRateLimits().UseAudit());
            var others = Branch(app, next, branch => branch.UseAuthentication().UseRateLimits().UseAuthorization().UseAudit());
            return context => pass?.Admits(context) == true ? admitted(context) : others(context);
        });
    }

    private static RequestDelegate Branch(IApplicationBuilder app, RequestDelegate next, Action<IApplicationBuilder> use)
    {
        var branch = app.New();
        use(branch);
        branch.Run(next);
        return branch.Build();
    }

    private static void AddSchemes(WebApplicationBuilder builder, AuthOptions options)
    {
        var authentication = builder.Services.AddAuthentication(SchemeOf(options.Mode));
        foreach (var service in builder.Services.Where(s => s.ImplementationType?.Name == UnusedKeys).ToList())
            builder.Services.Remove(service);
        if (options.TakesKeys)
            AddKeys(builder, authentication);
        if (options.TakesTokens)
            authentication.AddTokens();
        if (options.Mode == AuthMode.Both)
        {
            authentication.AddPolicyScheme(AuthSchemes.Either, displayName: null, either =>
                either.ForwardDefaultSelector = context => Credentials.AreKey(context.Request) ? AuthSchemes.Key : AuthSchemes.Token);
        }
    }

    private static void AddDecisions(IServiceCollection services)
    {
        services.AddAudit().AddSingleton<AuditedRequests>().TryAddSingleton<UserHash>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthProblems>();
        services.AddAuthorization(authorization =>
        {
            authorization.InvokeHandlersAfterFailure = false;
            authorization.FallbackPolicy = new AuthorizationPolicyBuilder()
                .RequireAuthenticatedUser()
                .RequireAssertion(context => context.Resource is HttpContext http && IsGuarded(http.GetEndpoint()))
                .Build();
        });
    }

    private static void AddKeys(WebApplicationBuilder builder, AuthenticationBuilder authentication)
    {
        builder.Services.AddSingleton<KeyRing>().AddSingleton<KeyPass>().AddSingleton<KeyStore>().AddSingleton<KeyWorker>();
        authentication.AddScheme<AuthenticationSchemeOptions, KeyHandler>(AuthSchemes.Key, displayName: null, configureOptions: null);
    }

    private static string SchemeOf(AuthMode mode) => mode switch
    {
        AuthMode.Keys => AuthSchemes.Key,
        AuthMode.Oidc => AuthSchemes.Token,
        _ => AuthSchemes.Either,
    };

    // A route that names no scope lets nobody in. The framework's own answers, such as 404 and 405, have no route.
    private static bool IsGuarded(Endpoint? endpoint) =>
        endpoint is not RouteEndpoint || endpoint.Metadata.GetMetadata<ScopeRequirement>() is not null
        || endpoint.Metadata.GetMetadata<AnyCaller>() is not null;
}
