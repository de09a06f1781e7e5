-- The roles of the service's database: one that owns the tables and changes them (profiles_owner), one for the running service
-- (profiles_service). A superuser runs this in the database, once; again does no harm, and neither does a database with tables in it:
--   psql --dbname=profiles --file=roles.sql
-- It sets no password. psql's \password sends its hash alone:
--   \password profiles_owner
--   \password profiles_service
-- Then, at first and with each new version: ProfileService --migrate-only as profiles_owner, and grants.sql as profiles_owner.

DO $$ BEGIN
    IF to_regrole('profiles_owner') IS NULL THEN
        CREATE ROLE profiles_owner LOGIN;
    END IF;
    IF to_regrole('profiles_service') IS NULL THEN
        CREATE ROLE profiles_service LOGIN;
    END IF;
    -- Nobody else gets in, and neither of the two makes temporary tables.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO profiles_owner, profiles_service', current_database());
    -- The migrated tables first, so that the service makes no tables in its place and none of its own stand before it.
    EXECUTE format('ALTER ROLE profiles_owner IN DATABASE %I SET search_path = public', current_database());
    EXECUTE format('ALTER ROLE profiles_service IN DATABASE %I SET search_path = public, profiles_service', current_database());
END $$;

-- The tables that migrations make. What the service may do with each table is in grants.sql.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO profiles_owner;
GRANT USAGE ON SCHEMA public TO profiles_service;

-- A schema of the service's own, for tables that it makes as it runs: the days of the archive, which it attaches and drops, and the
-- vectors of similar users, of which it builds an index for each model. Postgres lets only a table's owner do either.
CREATE SCHEMA IF NOT EXISTS profiles_service AUTHORIZATION profiles_service;

-- pgvector, where the server offers it: neither role may install it.
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN
        CREATE EXTENSION IF NOT EXISTS vector SCHEMA public;
    END IF;
END $$;

-- Tables and functions that are there already, from a time with one role.
DO $$ DECLARE
    found record;
BEGIN
    FOR found IN SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
        IF found.name ~ '^(events(_[0-9]{8})?|profile_vectors)$' THEN
            EXECUTE format('ALTER TABLE public.%I OWNER TO profiles_service', found.name);
            EXECUTE format('ALTER TABLE public.%I SET SCHEMA profiles_service', found.name);
        ELSE
            EXECUTE format('ALTER TABLE public.%I OWNER TO profiles_owner', found.name);
        END IF;
    END LOOP;
    IF to_regclass('public.profile_changes') IS NOT NULL THEN
        ALTER SEQUENCE public.profile_changes OWNER TO profiles_owner;
    END IF;
    IF to_regprocedure('public.refuse_change_of_audit_log()') IS NOT NULL THEN
        ALTER FUNCTION public.refuse_change_of_audit_log() OWNER TO profiles_owner;
    END IF;
END $$;
