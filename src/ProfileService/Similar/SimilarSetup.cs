using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Similar;

internal static class SimilarSetup
{
    public static WebApplicationBuilder AddSimilar(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<SimilarOptions>().Validate(
            o => o.Search != SimilarSearch.Hnsw || builder.UsesPostgres(),
            "Similar:Search is Hnsw, but ConnectionStrings:Postgres is not set: the index is pgvector's. "
                + "Set Auto or Exact to search in process.");
        builder.Services
            .AddSingleton(services => ActivatorUtilities.CreateInstance<ExactSimilar>(services, builder.UsesPostgres()))
            .AddSingleton<SimilarFinder>();
        if (builder.UsesPostgres())
            builder.Services.AddSingleton<PgvectorTable>(); // may be there from former settings, and then users are erased from it
        if (builder.UsesPostgres() && builder.Configuration.Read<SimilarOptions>().Search != SimilarSearch.Exact)
        {
            builder.Services
                .AddSingleton<PgvectorIndexes>()
                .AddSingleton<PgvectorStart>()
                .AddSingleton<PgvectorWorker>();
        }

        return builder;
    }
}
