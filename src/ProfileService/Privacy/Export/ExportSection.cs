namespace ProfileService.Privacy.Export;

/// <summary>A part of an export that was opened.</summary>
/// <param name="Name">As each of its lines names it.</param>
/// <param name="Places">
/// Where in the stores all of this lies: names of tables, and beginnings of Redis keys, in which {p} stands for the partition.
/// </param>
/// <param name="Count">Number of its lines.</param>
/// <param name="Lines">Each is written as a JSON object. They are read once.</param>
/// <param name="Held">What reading needs until the export ends; null if nothing.</param>
internal sealed record ExportSection(
    string Name, IReadOnlyList<string> Places, long Count, IAsyncEnumerable<object> Lines, IAsyncDisposable? Held = null)
{
    /// <summary>A section whose few lines are in memory.</summary>
    public static ExportSection Of(string name, IReadOnlyList<string> places, IReadOnlyList<object> lines) =>
        new(name, places, lines.Count, lines.ToAsyncEnumerable());

    /// <summary>The lines of this one and of another of the same name, neither of which holds anything.</summary>
    public ExportSection With(ExportSection other) => this with { Count = Count + other.Count, Lines = Lines.Concat(other.Lines) };
}
