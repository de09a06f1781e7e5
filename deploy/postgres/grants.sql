-- What the running service (profiles_service) may do with the tables, which profiles_owner owns. Run by profiles_owner at first and with
-- each new version, after ProfileService --migrate-only:
--   psql --username=profiles_owner --dbname=profiles --file=grants.sql
-- A table without a line here is closed to the service: "permission denied for table …".

BEGIN;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM profiles_service;

-- Whether the tables are those that this version needs.
GRANT SELECT ON "__EFMigrationsHistory" TO profiles_service;

-- Stored and replaced; deleted where a user is erased.
GRANT SELECT, INSERT, UPDATE ON items, served_model TO profiles_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON profiles, attributes TO profiles_service;

-- Numbers the changes of profiles.
GRANT SELECT, USAGE ON SEQUENCE profile_changes TO profiles_service;

-- What users' data may be used for: each change is a row that stays.
GRANT SELECT, INSERT, UPDATE (latest) ON purposes TO profiles_service;

-- Which ids are aliases of others; deleted where their person is erased.
GRANT SELECT, INSERT, UPDATE, DELETE ON user_aliases TO profiles_service;
GRANT SELECT, INSERT, UPDATE ON alias_sequence TO profiles_service;

-- The ledger of erased users, whose rows stay; what is still to be erased; receipts; which processes follow the ledger.
GRANT SELECT, INSERT, UPDATE ON erased_users, erasures TO profiles_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON pending_erasures, erasure_watchers TO profiles_service;
GRANT SELECT, INSERT ON ledger_key, served_stamps TO profiles_service;

-- Counts over all users, released with noise.
GRANT SELECT, INSERT, UPDATE ON aggregate_releases TO profiles_service;

-- Keys are made and revoked by `profiles keys`, as profiles_owner; the service notes when one was used.
GRANT SELECT, UPDATE (last_used_at) ON api_keys TO profiles_service;

-- Appended to; its trigger refuses changes by everybody, and the service may not drop the trigger.
GRANT SELECT, INSERT ON audit_log TO profiles_service;
COMMIT;
