namespace ProfileService.Platform;

/// <summary>Where the running service makes tables in Postgres that it must own: days of the archive, vectors with their indexes.</summary>
internal static class OwnSchema
{
    /// <summary>
    /// Puts the first schema of the search path in which the role may create tables before all others, until the end of the transaction.
    /// With deploy/postgres/roles.sql this is not the schema of the migrated tables, in which the service may create nothing.
    /// </summary>
    public const string Use = """
        SELECT set_config('search_path', concat_ws(', ', (
            SELECT quote_ident(name) FROM unnest(current_schemas(false)) WITH ORDINALITY AS path (name, place)
            WHERE has_schema_privilege(name, 'CREATE') ORDER BY place LIMIT 1
        ), current_setting('search_path')), true)
        """;
}
