using System.Globalization;

namespace ProfileService.Events;

/// <summary>
/// The table of <see cref="EventArchive"/>. It has one partition for each day on which events were archived (UTC), named events_yyyymmdd.
/// </summary>
internal static class EventArchiveSchema
{
    /// <summary>Lock for changes of the tables. The number is arbitrary, but must not be used for another lock.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(x'4172636869766573'::bigint)";

    // event_id: as sent; null if the event was sent without an id
    public const string Create = """
        CREATE TABLE IF NOT EXISTS events (
            archived_at timestamp with time zone NOT NULL,
            user_id text COLLATE "C" NOT NULL,
            event_id text COLLATE "C",
            kind text COLLATE "C" NOT NULL,
            item_id text COLLATE "C" NOT NULL,
            "timestamp" timestamp with time zone NOT NULL,
            categories text[],
            value double precision,
            text text
        ) PARTITION BY RANGE (archived_at)
        """;

    public const string Copy = """
        COPY events (archived_at, user_id, event_id, kind, item_id, "timestamp", categories, value, text) FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>
    /// Reads all events of the persons of whom something came since a time: an event, attributes, or another id of theirs.
    /// </summary>
    public const string ReadSince = "SELECT e.user_id, event_id, kind, item_id, \"timestamp\", categories, value, text" + Since;

    public const string CountSince = "SELECT count(*)" + Since;

    private const string Since = """
         FROM events e LEFT JOIN user_aliases a ON a.user_id = e.user_id
        WHERE coalesce(a.person_id, e.user_id) COLLATE "C" IN (
            SELECT coalesce(a.person_id, e.user_id) COLLATE "C" FROM events e LEFT JOIN user_aliases a ON a.user_id = e.user_id
            WHERE e.archived_at >= $1
            UNION SELECT user_id COLLATE "C" FROM attributes WHERE updated_at >= $1
            UNION SELECT person_id COLLATE "C" FROM user_aliases WHERE merged_at >= $1)
        """;

    public const string DeclareOfUser = """
        DECLARE events_of_user NO SCROLL CURSOR FOR
        SELECT archived_at, user_id, event_id, kind, item_id, "timestamp", categories, value, text FROM events
        JOIN (SELECT DISTINCT unnest($1) COLLATE "C" AS asked) u ON user_id = asked ORDER BY archived_at
        """;

    /// <summary>
    /// Reads the newest versions of every event, those of aliases as their persons'. Events are the same whose id is, or, without one, what
    /// it would be derived from. Versions of the same time come one after the other. The last column is the id of the archived row.
    /// </summary>
    public const string ReadNewest = """
        SELECT person_id, event_id, kind, item_id, "timestamp", categories, value, text, user_id
        FROM (SELECT e.*, max("timestamp") OVER (PARTITION BY person_id, event_id) AS newest
            FROM (SELECT events.*, coalesce(a.person_id, events.user_id) COLLATE "C" AS person_id
                FROM events LEFT JOIN user_aliases a ON a.user_id = events.user_id) e) v
        WHERE event_id IS NULL OR "timestamp" = newest
        ORDER BY person_id, "timestamp", event_id, kind, item_id
        """;

    // A join, because a hash index finds one value at a time.
    public const string ReadOfUsers = """
        SELECT user_id, event_id, kind, item_id, "timestamp", categories, value, text FROM events
        JOIN (SELECT DISTINCT unnest($1) COLLATE "C" AS asked) u ON user_id = asked
        """;

    public const string Users = "SELECT DISTINCT user_id FROM events";

    /// <summary>Whether the archive exists. A table of its name may be another program's.</summary>
    public const string Exists =
        "SELECT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('events') AND attname = 'archived_at')";

    /// <summary>
    /// Events from before the erasure go by their own time. What was archived long before it goes whatever its time: a clock may have been
    /// ahead, and no window may have had it. What was archived after it stays, also if the clock of who asked for it was ahead.
    /// </summary>
    public const string Delete = """
        DELETE FROM events e USING unnest($1, $2) AS u (user_id, before)
        WHERE e.user_id = u.user_id COLLATE "C"
            AND (e."timestamp" <= timestamptz '1970-01-01 00:00:00+00' + u.before * interval '1 microsecond' OR e.archived_at < $3
                AND e.archived_at <= timestamptz '1970-01-01 00:00:00+00' + u.before * interval '1 microsecond')
        """;

    public const string CountOfUser =
        "SELECT count(*) FROM events JOIN (SELECT DISTINCT unnest($1) COLLATE \"C\" AS asked) u ON user_id = asked";

    public const string FetchOfUser = "FETCH 1000 FROM events_of_user";

    public const string Days = """
        SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = 'events'::regclass AND child.relname ~ '^events_[0-9]{8}$' ORDER BY 1
        """;

    /// <summary>
    /// Creates a table and attaches it as a partition. Creating the partition directly would wait for every reader of the archive, and
    /// appends would wait behind it.
    /// </summary>
    public static string CreateDay(DateOnly day) => $"""
        DO $$ BEGIN
            IF to_regclass('{NameOf(day)}') IS NULL THEN
                CREATE TABLE {NameOf(day)} (LIKE events);
                CREATE INDEX {IndexOf(day)} ON {NameOf(day)} USING hash (user_id);
            END IF;
            IF NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass('{NameOf(day)}')) THEN
                ALTER TABLE events ATTACH PARTITION {NameOf(day)} FOR VALUES FROM ('{Start(day)}') TO ('{Start(day.AddDays(1))}');
            END IF;
        END $$
        """;

    /// <summary>Fails after 1 s if the archive is being read, because appends wait meanwhile.</summary>
    public static string DropDay(DateOnly day) => $"SET LOCAL lock_timeout = '1s'; DROP TABLE IF EXISTS {NameOf(day)}";

    public static DateOnly DayOf(string name) => DateOnly.ParseExact(name, "'events_'yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Whether the day's index can be used or is being built; false if a build was cut off, null if there is no index.</summary>
    public static string HasIndex(DateOnly day) => $"""
        SELECT indisvalid OR EXISTS (SELECT 1 FROM pg_stat_progress_create_index WHERE index_relid = indexrelid)
        FROM pg_index WHERE indexrelid = to_regclass('{IndexOf(day)}')
        """;

    /// <summary>For what a build that was cut off left behind.</summary>
    public static string DropIndex(DateOnly day) => $"DROP INDEX CONCURRENTLY IF EXISTS {IndexOf(day)}";

    /// <summary>For a day of a former version. Neither appends nor readers wait meanwhile.</summary>
    public static string CreateIndex(DateOnly day) =>
        $"CREATE INDEX CONCURRENTLY IF NOT EXISTS {IndexOf(day)} ON {NameOf(day)} USING hash (user_id)";

    private static string IndexOf(DateOnly day) => $"{NameOf(day)}_user";

    private static string NameOf(DateOnly day) => $"events_{day:yyyyMMdd}";

    private static string Start(DateOnly day) => $"{day:yyyy-MM-dd} 00:00:00+00";
}
