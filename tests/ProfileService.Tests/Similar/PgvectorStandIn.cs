namespace ProfileService.Tests.Similar;

/// <summary>
/// Makes a database of a plain PostgreSQL look as if it had pgvector, with exact distances and an index that nothing is searched by. It serves where
/// several sessions must meet, which the pgvector of the tests need not have: all clients of the one in WebAssembly share one session.
/// </summary>
internal static class PgvectorStandIn
{
    private const string Extension = """
        CREATE TYPE vector;
        CREATE FUNCTION vector_in(cstring, oid, integer) RETURNS vector LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
        CREATE FUNCTION vector_out(vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
        CREATE FUNCTION vector_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
        CREATE FUNCTION vector_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
        CREATE TYPE vector (INPUT = vector_in, OUTPUT = vector_out, TYPMOD_IN = vector_typmod_in, TYPMOD_OUT = vector_typmod_out, STORAGE = extended);
        CREATE FUNCTION vector_of(vector, integer, boolean) RETURNS vector LANGUAGE sql IMMUTABLE AS 'SELECT $1';
        CREATE CAST (vector AS vector) WITH FUNCTION vector_of(vector, integer, boolean) AS IMPLICIT;
        CREATE FUNCTION vector_reals(vector) RETURNS real[] LANGUAGE sql IMMUTABLE AS $$ SELECT translate($1::text, '[]', '{}')::real[] $$;
        CREATE CAST (vector AS real[]) WITH FUNCTION vector_reals(vector);
        CREATE FUNCTION vector_dims(vector) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT cardinality(vector_reals($1))';
        CREATE FUNCTION vector_distance(vector, vector) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
            SELECT 1 - sum(x * y) / sqrt(sum(x * x) * sum(y * y)) FROM unnest(vector_reals($1)::float8[], vector_reals($2)::float8[]) AS v (x, y)
        $$;
        CREATE OPERATOR <=> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_distance);
        CREATE FUNCTION vector_equals(vector, vector) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'byteaeq';
        CREATE OPERATOR = (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_equals);
        CREATE FUNCTION vector_hash(vector) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'hashvarlena';
        CREATE ACCESS METHOD hnsw TYPE INDEX HANDLER hashhandler;
        CREATE OPERATOR CLASS vector_cosine_ops FOR TYPE vector USING hnsw AS OPERATOR 1 =, FUNCTION 1 vector_hash(vector);
        CREATE VIEW public.pg_available_extensions AS SELECT 'vector' AS name, '0.8.0' AS default_version, '0.8.0' AS installed_version;
        GRANT SELECT ON public.pg_available_extensions TO profiles_service;
        """;

    // The service's own statement would ask for the extension.
    private const string Table = """
        SET ROLE profiles_service;
        CREATE TABLE profiles_service.profile_vectors (
            user_id text COLLATE "C" NOT NULL,
            model text COLLATE "C" NOT NULL,
            revision bigint NOT NULL,
            vector vector NOT NULL,
            PRIMARY KEY (user_id, model)
        )
        """;

    /// <summary>Drops the table and makes it anew, as another process would after somebody dropped it.</summary>
    public static Task RenewTableAsync(string database) =>
        PostgresRoles.ExecuteAsync(database, $"DROP TABLE profiles_service.profile_vectors; {Table}");

    /// <summary>Makes a database; returns its connection string as the running service has it.</summary>
    public static async Task<string> CreateDatabaseAsync(PostgresServer postgres)
    {
        var database = await postgres.CreateDatabaseAsync();
        await PostgresRoles.ExecuteAsync(database, $"{Extension};{Table}");
        return $"{database};Search Path=\"public,profiles_service,pg_catalog\"";
    }
}
