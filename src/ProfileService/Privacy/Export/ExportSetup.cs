using ProfileService.Privacy.Training;

namespace ProfileService.Privacy.Export;

internal static class ExportSetup
{
    /// <summary>
    /// The sources of an export, in the order of its lines. Whatever keeps anything under a user's id or its hash belongs here, and into
    /// the table of docs/privacy.md; ExportContract searches the stores for what does not.
    /// </summary>
    public static IServiceCollection AddExport(this IServiceCollection services) => services
        .AddSource<AttributesSource>()
        .AddSource<PurposesSource>()
        .AddSource<WindowSource>()
        .AddSource<DueSource>()
        .AddSource<ProfilesSource>()
        .AddSource<CachedProfilesSource>()
        .AddSource<VectorsSource>()
        .AddSource<ErasureSource>()
        .AddSource<AuditSource>()
        .AddSource<AliasSource>()
        .AddSingleton<ArchiveSource>()
        .AddSingleton<UserExport>()
        .AddSingleton<TrainingEvents>()
        .AddSingleton<TrainingExport>();

    private static IServiceCollection AddSource<T>(this IServiceCollection services)
        where T : class, IExportSource => services.AddSingleton<IExportSource, T>();
}
