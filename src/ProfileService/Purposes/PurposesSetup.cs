using ProfileService.Platform.Settings;

namespace ProfileService.Purposes;

internal static class PurposesSetup
{
    public static WebApplicationBuilder AddPurposes(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PurposeOptions>().Validate(
            o => PurposeNames.Parse(o.DefaultPurposes) is not null,
            $"Privacy:DefaultPurposes must be some of {string.Join(", ", PurposeNames.All)}, separated by commas, or empty.");
        builder.Services
            .AddSingleton<UserPurposes>()
            .AddSingleton<KeepingRule>()
            .AddSingleton<PurposeStore>()
            .AddSingleton<ProfileRefusal>()
            .AddSingleton<PurposeWorker>();
        return builder;
    }
}
