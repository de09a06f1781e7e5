using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Privacy.Export;
using ProfileService.Privacy.Merging;

namespace ProfileService.Privacy;

internal static class PrivacySetup
{
    public static WebApplicationBuilder AddPrivacy(this WebApplicationBuilder builder)
    {
        builder.AddLedger();
        builder.Services
            .AddSingleton(services => ActivatorUtilities.CreateInstance<ErasureWatch>(services, builder.UsesPostgres()))
            .AddSingleton<ProfileCopies>()
            .AddSingleton<PurposeSetter>()
            .AddSingleton<GoneCheck>()
            .AddSingleton<PersonGroups>().AddSingleton<WindowsEraser>()
            .AddSingleton<UserEraser>()
            .AddSingleton<ErasureWatchWorker>()
            .AddSingleton<ErasureWorker>()
            .AddSingleton<FileRewriteWorker>()
            .AddSingleton<RefusedProfileWorker>()
            .AddSingleton<IdleUsers>()
            .AddSingleton(services => ActivatorUtilities.CreateInstance<IdleUserWorker>(
                services, builder.Configuration.Does(HostingRole.Refresh)));
        builder.Services.AddMerging();
        builder.Services.AddExport();
        if (builder.UsesPostgres() && !builder.UsesRedis())
        {
            builder.Services.AddSingleton<DatabaseOwner>().AddSingleton<DatabaseOwnerStart>()
                .AddHealthChecks().AddCheck<DatabaseOwner>("owner", tags: [HealthTag.Ready]);
        }

        if (builder.UsesRedis())
            builder.Services.AddSingleton<MarkWorker>().AddSingleton<RedisFiles>();
        return builder;
    }

    /// <summary>The ledger, the marks and the aliases, also for a command that writes to the stores itself.</summary>
    public static WebApplicationBuilder AddLedger(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<PrivacyOptions>()
            .Validate(
                o => o.IdleTtl == TimeSpan.Zero || o.IdleTtl >= TimeSpan.FromDays(1), "Privacy:IdleTtl must be 0, or at least one day.")
            .Validate(o => PrivacyOptions.IsKey(o.LedgerKey), $"Privacy:LedgerKey must be {UserHash.KeyBytes} bytes in base64.");
        builder.Services
            .AddSingleton<LedgerKeys>()
            .AddSingleton<Ledger>()
            .AddSingleton<AliasStore>().AddSingleton<AliasFollower>()
            .AddSingleton<ErasureSignal>()
            .AddSingleton<Erasures>()
            .AddSingleton<DatabaseEraser>()
            .AddSingleton<DatabaseReview>().AddSingleton<ReappearedWindows>()
            .AddSingleton<MarkKeeper>()
            .AddSingleton<PrivacyStart>();
        return builder;
    }
}
