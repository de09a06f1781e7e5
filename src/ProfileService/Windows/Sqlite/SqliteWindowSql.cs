namespace ProfileService.Windows.Sqlite;

/// <summary>The SQL of <see cref="SqliteWindowFile"/>: its tables, and every statement. Times are Unix milliseconds.</summary>
internal static class SqliteWindowSql
{
    public const string Create = """
        PRAGMA journal_mode = WAL;

        -- revision and events: see SqliteWindowValue; touched_at: time of the last change
        CREATE TABLE IF NOT EXISTS windows (
            user_id TEXT PRIMARY KEY,
            revision INTEGER NOT NULL,
            touched_at INTEGER NOT NULL,
            events BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS windows_by_touch ON windows (touched_at);

        -- filter: see SeenItems
        CREATE TABLE IF NOT EXISTS seen (
            user_id TEXT PRIMARY KEY,
            filter BLOB NOT NULL);

        -- due_since: the oldest change that no claim holds; claimed_since: the oldest change that the claim holds
        CREATE TABLE IF NOT EXISTS due (
            user_id TEXT PRIMARY KEY,
            due_since INTEGER,
            claimed_since INTEGER,
            lease BLOB,
            lease_until INTEGER) WITHOUT ROWID;

        -- mark: see ErasureMark
        CREATE TABLE IF NOT EXISTS erased (
            user_hash TEXT PRIMARY KEY,
            mark BLOB NOT NULL) WITHOUT ROWID;

        -- what became of recommendations, by their day (2026-11-28) and model; nothing of users
        CREATE TABLE IF NOT EXISTS recommendation_counts (
            day TEXT NOT NULL,
            model TEXT NOT NULL,
            shown INTEGER NOT NULL,
            clicked INTEGER NOT NULL,
            bought INTEGER NOT NULL,
            PRIMARY KEY (day, model)) WITHOUT ROWID;

        CREATE INDEX IF NOT EXISTS due_free ON due (due_since) WHERE lease_until IS NULL;
        CREATE INDEX IF NOT EXISTS due_leased ON due (lease_until) WHERE lease_until IS NOT NULL;
        """;

    /// <summary>Longest wait for a file that another process has locked.</summary>
    public const int SecondsToWait = 5;

    /// <summary>Settings of a connection. A commit returns when it has reached the disk. Deleted content is overwritten.</summary>
    public static readonly string Connection =
        $"PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = {SecondsToWait * 1_000};";

    /// <summary>The oldest change of a due user.</summary>
    private const string Since = "coalesce(min(claimed_since, due_since), claimed_since, due_since)";

    public const string ReadWindow = "SELECT revision, touched_at, events FROM windows WHERE user_id = $user";

    public const string ReadRevisions = """
        SELECT w.user_id, w.revision FROM json_each($users) asked JOIN windows w ON w.user_id = asked.value
        """;

    public const string WriteWindow = """
        INSERT INTO windows (user_id, revision, touched_at, events) VALUES ($user, $revision, $touched, $events)
        ON CONFLICT (user_id) DO UPDATE SET revision = $revision, touched_at = $touched, events = $events
        """;

    public const string MarkDue = """
        INSERT INTO due (user_id, due_since) VALUES ($user, $now)
        ON CONFLICT (user_id) DO UPDATE SET due_since = coalesce(due_since, $now)
        """;

    /// <summary>
    /// Due users: those whose lease has ended, or ends after $latest (<see cref="Claim.LatestLeaseEnd"/>), then those that have none.
    /// </summary>
    public const string FindDue = $"""
        SELECT * FROM (SELECT user_id, {Since} since FROM due
                       WHERE lease_until IS NOT NULL AND lease_until <= $now ORDER BY lease_until LIMIT $count)
        UNION ALL
        SELECT * FROM (SELECT user_id, {Since} since FROM due
                       WHERE lease_until IS NOT NULL AND lease_until > $latest ORDER BY lease_until LIMIT $count)
        UNION ALL
        SELECT * FROM (SELECT user_id, due_since since FROM due WHERE lease_until IS NULL ORDER BY due_since LIMIT $count)
        LIMIT $count
        """;

    public const string FindDueUser = $"""
        SELECT user_id, {Since} since FROM due
        WHERE user_id = $user AND (lease_until IS NULL OR lease_until <= $now OR lease_until > $latest)
        """;

    public const string Lease = """
        UPDATE due SET due_since = NULL, claimed_since = $since, lease = $lease, lease_until = $until WHERE user_id = $user
        """;

    public const string Renew = "UPDATE due SET lease_until = $until WHERE user_id = $user AND lease = $lease";

    public const string SettleUnchanged = "DELETE FROM due WHERE user_id = $user AND lease = $lease AND due_since IS NULL";

    public const string SettleChanged = """
        UPDATE due SET claimed_since = NULL, lease = NULL, lease_until = NULL WHERE user_id = $user AND lease = $lease
        """;

    public const string Release = """
        UPDATE due SET due_since = claimed_since, claimed_since = NULL, lease = NULL, lease_until = NULL
        WHERE user_id = $user AND lease = $lease
        """;

    public const string Forget = "DELETE FROM due WHERE user_id = $user";

    public const string ReadDue = "SELECT due_since, claimed_since, lease_until FROM due WHERE user_id = $user";

    public const string CountDue = "SELECT count(*) FROM due";

    /// <summary>Whether the file is of a version that left deleted content in its free space.</summary>
    public const string IsFormer = """
        SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'windows')
            AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'erased')
        """;

    /// <summary>Writes the file anew, without free space.</summary>
    public const string Vacuum = "VACUUM";

    public const string IsAnyErased = "SELECT EXISTS (SELECT 1 FROM erased)";

    public const string ReadMark = "SELECT mark FROM erased WHERE user_hash = $hash";

    public const string WriteMark = """
        INSERT INTO erased (user_hash, mark) VALUES ($hash, $mark) ON CONFLICT (user_hash) DO UPDATE SET mark = $mark
        """;

    /// <summary>An altered hash is left out: it may be after every page that ends with it.</summary>
    public const string ReadMarks = """
        SELECT user_hash, mark FROM erased WHERE user_hash > $after AND typeof(user_hash) = 'text' AND user_hash NOT GLOB '*[^0-9a-f]*'
        ORDER BY user_hash LIMIT $count
        """;

    /// <summary>
    /// Pages go by the stored bytes, because an altered id may be no UTF-8. One that is no text would be after every text, and on every
    /// page.
    /// </summary>
    public const string ReadUsers = """
        SELECT user_id, CAST(user_id AS BLOB) FROM windows WHERE user_id > CAST($after AS TEXT) AND typeof(user_id) = 'text'
        ORDER BY user_id LIMIT $count
        """;

    /// <summary>For a checkpoint, which waits for readers with all writes behind it.</summary>
    public const string WaitBriefly = "PRAGMA busy_timeout = 1000";

    /// <summary>Moves the log into the file and empties it. The first column of the result is 0 if that could be done.</summary>
    public const string Checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";

    public const string IsEmpty = "SELECT NOT EXISTS (SELECT 1 FROM windows)";

    public const string FindIdle = "SELECT user_id FROM windows WHERE touched_at <= $before";

    public const string Drop = "DELETE FROM windows WHERE user_id = $user";

    public const string ReadSeen = "SELECT filter FROM seen WHERE user_id = $user";

    public const string WriteSeen = """
        INSERT INTO seen (user_id, filter) VALUES ($user, $filter) ON CONFLICT (user_id) DO UPDATE SET filter = $filter
        """;

    public const string DropSeen = "DELETE FROM seen WHERE user_id = $user";
}
