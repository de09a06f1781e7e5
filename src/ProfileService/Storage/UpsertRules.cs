namespace ProfileService.Storage;

/// <summary>
/// What holds when rows of a table are stored, besides that each replaces the row of its key. The SQL runs on both databases; a new row is
/// <c>given</c>.
/// </summary>
/// <param name="Allows">Condition for a row to be stored.</param>
/// <param name="Replaces">Condition for a row, <c>excluded</c>, to replace a stored one.</param>
/// <param name="Answers">A query that is answered in the same transaction, before the rows are stored.</param>
/// <param name="Computed">A column that the database fills, and how; <c>given.place</c> counts the rows from 1.</param>
internal sealed record UpsertRules(
    string Allows = "true", string Replaces = "true", string? Answers = null, (string Column, string Sql)? Computed = null)
{
    /// <summary>
    /// A profile never goes back to a lower revision, whoever writes last, and a superseded model writes nothing over the active one's. The
    /// answer is the active model.
    /// </summary>
    public static UpsertRules Profiles { get; } = new(
        Allows: """
            NOT EXISTS (SELECT 1 FROM served_model s
                WHERE s.model <> given.model || '@' || given.digest AND s.model <> 'marking ' || given.model || '@' || given.digest)
            """,
        Replaces: "excluded.revision >= profiles.revision",
        Answers: "SELECT model FROM served_model");

    public static UpsertRules Attributes { get; } = new();

    /// <summary>A stored item gets a revision above all others.</summary>
    public static UpsertRules Items { get; } = new(Computed: ("revision", "(SELECT coalesce(max(revision), 0) FROM items) + given.place"));
}
