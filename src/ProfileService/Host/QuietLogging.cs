using Microsoft.Extensions.Configuration.Memory;

namespace ProfileService.Host;

/// <summary>One line a message; of the framework only warnings. A setting of the section Logging overrides each.</summary>
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
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None", // has an activity and a scope made of each request; Telemetry, where on, has it too
                ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None", // logs each probe; Readiness logs what changed
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Critical", // whoever asked logs what failed
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // a start that fails is explained by StartFailure
            },
        });
}
