using Microsoft.Extensions.Configuration.Memory;

namespace ProfileService.Hosting;

/// <summary>One line a message; of the framework only warnings. A Logging:LogLevel setting of the same name overrides each.</summary>
internal static class QuietLogging
{
    public static void AddQuietLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None", // has an activity and a scope made of each request; Telemetry, where on, has it too
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Critical", // whoever asked logs what failed
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // a start that fails is explained by StartFailure
            },
        });
    }
}
