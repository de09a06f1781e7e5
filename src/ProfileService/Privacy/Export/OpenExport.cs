namespace ProfileService.Privacy.Export;

/// <summary>An export whose every section was opened, so that it can be written from start to end.</summary>
/// <param name="exportedAt">When the first section was opened.</param>
/// <param name="onEnd">Called once, when it is disposed of.</param>
internal sealed class OpenExport(string userId, DateTime exportedAt, Action onEnd) : IAsyncDisposable
{
    private readonly List<ExportSection> _sections = [];

    public IReadOnlyList<ExportSection> Sections => _sections;

    public ExportContents Contents => new(
        _sections.ToDictionary(s => s.Name, s => s.Count), userId, exportedAt, ExportContents.WhatIsMissing);

    public void Add(IReadOnlyList<ExportSection> sections) => _sections.AddRange(sections);

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var held in _sections.Select(s => s.Held).OfType<IAsyncDisposable>())
                await held.DisposeAsync();
        }
        finally
        {
            onEnd();
        }
    }
}
