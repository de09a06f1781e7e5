namespace ProfileService.Storage;

/// <summary>
/// The rules of a table's upsert. By default, each new row is stored and replaces the row with its key. The SQL runs on both databases; a
/// new row is <c>given</c>.
/// </summary>
/// <param name="Allows">Condition for a row to be stored.</param>
/// <param name="Replaces">Condition for a new row, here <c>excluded</c>, to replace the stored one.</param>
/// <param name="Query">A query that runs first, in the same transaction; the caller gets its answer.</param>
/// <param name="HasHashes">Whether each new row comes with the hash of its user's id, <c>given.user_hash</c>, which is not stored.</param>
/// <param name="Computed">A column that the database computes, and its SQL; <c>given.place</c> numbers the rows from 1.</param>
/// <param name="BeforeStore">A statement that runs in the same transaction, before the rows are stored.</param>
/// <param name="AfterStore">A statement that runs in the same transaction, after the rows are stored.</param>
internal sealed record UpsertRules(
    string Allows = "true",
    string Replaces = "true",
    string? Query = null,
    bool HasHashes = false,
    (string Column, string Sql)? Computed = null,
    string? BeforeStore = null,
    string? AfterStore = null)
{
    public const string UserHash = "user_hash";

    /// <summary>Columns of the new rows beside those of the table.</summary>
    public IReadOnlyList<string> Beside => HasHashes ? [UserHash] : [];

    /// <summary>
    /// A profile is never replaced by a lower revision, and profiles by a superseded model are not stored, nor those of an erased user with
    /// a revision from before the erasure, nor those of a user whose purposes do not allow a profile, nor those of an alias. The query
    /// returns the active model.
    /// </summary>
    public static UpsertRules Profiles { get; } = new(
        Allows: $"""
            NOT EXISTS (SELECT 1 FROM served_model s
                WHERE s.model <> given.model || '@' || given.digest
                AND s.model <> '{ServedModel.Marking}' || given.model || '@' || given.digest)
            AND NOT EXISTS (SELECT 1 FROM erased_users e WHERE e.user_hash = given.user_hash AND e.revision_floor >= given.revision)
            AND NOT EXISTS (SELECT 1 FROM purposes p WHERE p.user_hash = given.user_hash AND p.latest AND NOT p.profile)
            AND NOT EXISTS (SELECT 1 FROM user_aliases a WHERE a.user_id = given.user_id)
            """,
        Replaces: "excluded.revision >= profiles.revision",
        Query: "SELECT model FROM served_model",
        HasHashes: true);

    public static UpsertRules Attributes { get; } = new();

    /// <summary>An item that is stored gets the highest revision.</summary>
    public static UpsertRules Items { get; } = new(Computed: ("revision", "(SELECT coalesce(max(revision), 0) FROM items) + given.place"));
}
