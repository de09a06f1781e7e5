using System.Text.Json.Serialization;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using ProfileService.Auth;
using ProfileService.Beacon;
using ProfileService.Host.OpenApi;
using ProfileService.Intake;
using ProfileService.Lookup;
using ProfileService.Mcp;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Host;

internal static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ConnectionOptions>();
        builder.Services.AddSingleton<IValidateOptions<ConnectionOptions>, ConnectionStrings>();
        builder.Services.AddSettings<HostingOptions>().Validate(
            o => o.Role == HostingRole.All || builder.UsesRedis(),
            "Hosting:Role is not All, but ConnectionStrings:Redis is not set: only one process may use windows in SQLite.");
        builder.Services.AddSingleton<IValidateOptions<HostingOptions>, ManagementUrls>();
        builder.Services.AddSettings<DataOptions>();
        if (!builder.UsesRedis() || !builder.UsesPostgres())
            builder.Services.AddSingleton<IValidateOptions<DataOptions>, DataFolder>();
        builder.Services.AddSingleton<StoredFiles>();
        builder.Services.AddSingleton(TimeProvider.System);

        builder.Services.AddSingleton(new AvailableMemory()).AddSingleton<ReadLimits>().AddSingleton<BodyLimits>();
        builder.Services.AddSingleton<Listening>().AddSingleton<Readiness>().AddSingleton<WindowCounts>().AddSingleton<ErasuresSince>();
        builder.Services.AddSingleton<ApiRouteTable>().AddSingleton<RecentRequests>().AddSingleton<RequestListener>();
        builder.Services.AddSingleton<ManagementServer>().AddSingleton<MemoryReleaseWorker>();
        builder.Services.AddSingleton(services => new LargestBatches(
            services.GetRequiredService<IOptions<IntakeOptions>>().Value.MaxArrayLength,
            services.GetRequiredService<IOptions<LookupOptions>>().Value.MaxUsers));
        builder.AddDrain();
        builder.Services.AddHealthChecks();
        builder.AddServers();
        builder.AddRequestLimits();
        builder.AddTelemetry();
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Explain)
            .AddSingleton<IProblemDetailsWriter, AnyAcceptProblemWriter>(); // asked after the framework's
        builder.Services.AddExceptionHandler<FailureHandler>();
        builder.Services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true); // so that FailureHandler writes the response
        builder.Services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull);
        // BrowserGuard filters instead, with an explanation.
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["*"]);
        builder.AddQuietLogging();
        builder.Services.AddApiDescription();
        return builder;
    }

    public static void UseHosting(this WebApplication app)
    {
        app.Services.GetRequiredService<RequestListener>().Start();
        app.UseUnreadBodies();
        app.UseDrain();
        app.UseOwnApi();
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true }); // FailureHandler logs
        app.UseBrowserGuard();
        app.UseRouting();
        app.UseRequestTimeouts(); // what follows waits for others: the identity provider, the bounds of the endpoints
        app.UsePageCors();
        app.UseApiDescription();
        app.UseAuth();
        app.UseEarlyRefusal();
        app.UseStatusProblems();
        app.UseRequestRules();
        app.UseAliases();
        app.UseReadLimits();
    }

    public static void MapHosting(this WebApplication app)
    {
        if (app.Configuration.Does(HostingRole.Api))
            app.MapConsole();
        app.MapHealth();
        var api = app.MapApi();
        api.MapStatus();
        api.MapAccess();
        app.MapApiDescription();
    }
}
