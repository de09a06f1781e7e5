using System.Security.Cryptography;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Aggregates;

internal static class AggregatesSetup
{
    public static WebApplicationBuilder AddAggregates(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AggregateOptions>()
            .Validate(
                o => AggregateOptions.IsEpsilon(o.Epsilon),
                $"Aggregates:Epsilon must be 0, for exact counts, or at least {AggregateOptions.MinEpsilon}.")
            .Validate(
                o => AggregateOptions.IsPause(o.Every), "Aggregates:Every must be 0, for no releases, or at least a minute.")
            .Validate(AggregateOptions.Fits, "Aggregates:Epsilon must not exceed Aggregates:Budget: no release could ever be made.");
        builder.Services
            .AddSingleton<ReleaseStore>()
            .AddSingleton<ReleaseReader>()
            .AddSingleton<CountingScan>()
            .AddSingleton(new GeometricNoise(RandomNumberGenerator.GetInt32))
            .AddSingleton<ReleaseMechanism>()
            .AddSingleton<ReleaseMaker>();
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddSingleton<ReleaseWorker>();
        return builder;
    }
}
