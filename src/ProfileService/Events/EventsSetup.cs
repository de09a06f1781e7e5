using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Windows;

namespace ProfileService.Events;

internal static class EventsSetup
{
    public static WebApplicationBuilder AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<EventOptions>()
            .Validate(
                o => o.ExtraKinds.All(EntityId.IsName),
                $"Events:ExtraKinds: a kind has 1 to {EntityId.MaxLength} characters and no control characters.")
            .Validate(
                o => o.Archive != ArchiveStore.Postgres || builder.UsesPostgres(),
                "Events:Archive is Postgres, but ConnectionStrings:Postgres is not set.")
            .Validate<IOptions<WindowOptions>>(
                (o, windows) => o.Archive == ArchiveStore.None || o.ArchiveRetention >= windows.Value.IdleTtl + windows.Value.MaxAge,
                "Events:ArchiveRetention is shorter than Windows:IdleTtl + Windows:MaxAge: windows could not be rebuilt completely. "
                + "Increase it, or decrease the others.");
        builder.Services
            .AddSingleton<EventParser>()
            .AddSingleton<EventIngest>();
        if (builder.UsesPostgres())
        {
            builder.Services.AddSingleton<ArchiveEraser>().AddSingleton<ArchiveReader>()
                .AddSingleton<ArchiveDays>().AddSingleton<EventArchiveWorker>();
        }

        if (builder.Configuration.Read<EventOptions>().Archive == ArchiveStore.Postgres)
            builder.AddArchive();
        return builder;
    }

    private static void AddArchive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ArchiveLedger>().AddSingleton<EventArchive>()
            .AddSingleton<WindowRebuild>();
        if (builder.Configuration.Does(HostingRole.Api))
            builder.Services.AddSingleton<EventArchiveHealth>().AddHealthChecks()
                .AddCheck<EventArchiveHealth>("archive", tags: [HealthTag.Ready]);
    }
}
