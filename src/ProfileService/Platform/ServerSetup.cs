namespace ProfileService.Platform;

/// <summary>The servers that ConnectionStrings names, each on its own; what it does not name is kept in SQLite.</summary>
internal static class ServerSetup
{
    public static void AddServers(this WebApplicationBuilder builder)
    {
        if (builder.UsesRedis())
            builder.Services.AddSingleton(_ => new RedisConnection(builder.Configuration.GetConnectionString(RedisConnection.Name)!));
        if (builder.UsesPostgres())
            builder.Services.AddSingleton(_ => PostgresConnection.Open(builder.Configuration.GetConnectionString(PostgresConnection.Name)!));
    }

    public static bool UsesRedis(this WebApplicationBuilder builder) => !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(RedisConnection.Name));

    public static bool UsesPostgres(this WebApplicationBuilder builder) => !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(PostgresConnection.Name));
}
