using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Model;

internal static class ModelSetup
{
    public static WebApplicationBuilder AddModel(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<ModelOptions>().Validate(
            o => !o.Activate || builder.Configuration.Does(HostingRole.Refresh),
            "Model:Activate is true, but Hosting:Role is Api: the processes that refresh would be superseded, and nobody would compute. "
            + "Activate from a process that refreshes.");
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
