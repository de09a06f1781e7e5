using Microsoft.Extensions.Configuration.Memory;

namespace ProfileService.Host;

/// <summary>
/// Default log settings: one line per message, and only warnings of the framework. Settings of the section Logging override them.
/// </summary>
internal static class QuietLogging
{
    public static void AddQuietLogging(this WebApplicationBuilder builder) =>
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:Console:FormatterName"] = "simple",
                ["Logging:Console:FormatterOptions:SingleLine"] = "true",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None", // would create an activity and a scope per request
                ["Logging:LogLevel:ProfileService.Auth.KeyHandler"] = "Warning", // would log every refusal
                // Logs every probe; Readiness logs only changes.
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
                ["Logging:LogLevel:ModelContextProtocol"] = "Critical", // would log what callers name; ToolServer logs failures
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Critical", // callers log failures
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // StartFailure explains a failed start
            },
        });
}
