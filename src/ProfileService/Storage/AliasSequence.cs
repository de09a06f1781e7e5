namespace ProfileService.Storage;

/// <summary>The only row of the table <c>alias_sequence</c>: the last <see cref="AliasRow.Sequence"/>, also of deleted rows.</summary>
internal sealed class AliasSequence
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    public required long Last { get; set; }
}
