namespace ProfileService.Platform;

/// <summary>Registers the servers that ConnectionStrings names. Each is optional; SQLite replaces those that are not set.</summary>
internal static class ServerSetup
{
    public static void AddServers(this WebApplicationBuilder builder)
    {
        if (builder.UsesRedis())
        {
            builder.Services.AddSingleton(_ => new RedisConnection(
                builder.StringOf(RedisConnection.Name)!, builder.StringOf(nameof(ConnectionOptions.RedisRootCertificate))));
        }

        if (builder.UsesPostgres())
            builder.Services.AddSingleton(_ => PostgresConnection.Open(builder.StringOf(PostgresConnection.Name)!));
    }

    public static bool UsesRedis(this WebApplicationBuilder builder) => !string.IsNullOrEmpty(builder.StringOf(RedisConnection.Name));

    public static bool UsesPostgres(this WebApplicationBuilder builder) => !string.IsNullOrEmpty(builder.StringOf(PostgresConnection.Name));

    private static string? StringOf(this WebApplicationBuilder builder, string name) => builder.Configuration.GetConnectionString(name);
}
