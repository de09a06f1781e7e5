using Microsoft.Extensions.Configuration.Memory;

namespace ProfileService.Hosting;

/// <summary>One line a message; of the framework only warnings. Any Logging:LogLevel setting overrides this.</summary>
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
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Critical", // whoever asked logs what failed
                ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // a start that fails is explained by StartFailure
            },
        });
    }
}
