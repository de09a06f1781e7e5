using Microsoft.AspNetCore.Mvc;
using ModelContextProtocol.AspNetCore;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Mcp;

/// <summary>
/// The endpoint for agents, by the Model Context Protocol over Streamable HTTP. It keeps no sessions: each request stands alone.
/// </summary>
internal static class McpSetup
{
    public const string Path = "/mcp";

    private const int MaxBodyBytes = 1 << 16; // of one call; the largest arguments are a filter's

    // Hosted service of the package that would look for idle sessions, of which there are none.
    private const string UnusedWorker = "IdleTrackingBackgroundService";

    public static WebApplicationBuilder AddMcp(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<McpOptions>();
        if (!builder.Configuration.Read<McpOptions>().Enabled)
            return builder;
        builder.Services.AddSingleton<OwnApi>().AddSingleton<ToolCatalogue>().AddSingleton<ToolServer>();
        builder.Services
            .AddMcpServer(server =>
            {
                server.ServerInfo = new() { Name = "ProfileService", Version = ServiceVersion.Current };
                server.ServerInstructions = ToolDefinitions.Instructions.ReplaceLineEndings(" ");
            })
            .WithHttpTransport(ServeTools);
        foreach (var service in builder.Services.Where(s => s.ImplementationType?.Name == UnusedWorker).ToList())
            builder.Services.Remove(service);
        return builder;
    }

    /// <summary>Must precede all middlewares that a request of a tool has to pass.</summary>
    public static void UseOwnApi(this WebApplication app)
    {
        if (app.Services.GetService<OwnApi>() is { } api)
        {
            app.Use(next =>
            {
                api.Connect(next);
                return next;
            });
        }
    }

    /// <summary>Every known caller may list the tools. What a call requires is decided by the route that it stands for.</summary>
    public static void MapMcpTools(this WebApplication app)
    {
        if (app.Services.GetService<ToolServer>() is not null)
            app.MapMcp(Path).WithMetadata(new AnyCaller(), new RequestSizeLimitAttribute(MaxBodyBytes)).ExcludeFromDescription().Add(Guard);
    }

    private static void Guard(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => CallGuard.InvokeAsync(context, inner);
    }

    private static void ServeTools(HttpServerTransportOptions transport)
    {
        transport.SessionMode = HttpServerSessionMode.Stateless;
        transport.ConfigureSessionOptions = (context, server, _) =>
        {
            var tools = context.RequestServices.GetRequiredService<ToolServer>();
            server.Capabilities = new() { Tools = new() };
            server.Handlers.ListToolsHandler = (_, _) => tools.ListAsync(context);
            server.Handlers.CallToolHandler = (request, _) => tools.CallAsync(context, request.Params!);
            return Task.CompletedTask;
        };
    }
}
