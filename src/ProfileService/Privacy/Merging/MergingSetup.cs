namespace ProfileService.Privacy.Merging;

internal static class MergingSetup
{
    public static IServiceCollection AddMerging(this IServiceCollection services) => services
        .AddSingleton<AliasWriter>()
        .AddSingleton<AliasAttributes>()
        .AddSingleton<AliasMover>()
        .AddSingleton<UserMerger>()
        .AddSingleton<AliasWorker>();
}
