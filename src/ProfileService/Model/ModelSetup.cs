using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Model;

internal static class ModelSetup
{
    public static WebApplicationBuilder AddModel(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ModelOptions>();
        builder.Services.AddSingleton(services =>
        {
            var slot = ActivatorUtilities.CreateInstance<ModelSlot>(services, builder.Configuration.Does(HostingRole.Api));
            slot.Activate(PackageFiles.Find(services.GetRequiredService<IOptions<ModelOptions>>().Value.Package));
            return slot;
        });
        builder.Services.AddSingleton<ModelRegistry>();
        return builder;
    }
}
