using ProfileService.Privacy.Export;

namespace ProfileService.Privacy.Training;

/// <summary>A training export that is being sent.</summary>
/// <param name="onEnd">Called once, when it is disposed of.</param>
internal sealed class OpenTraining(TrainingContents contents, IReadOnlyList<ExportSection> sections, Action onEnd) : IAsyncDisposable
{
    public TrainingContents Contents => contents;

    public IReadOnlyList<ExportSection> Sections => sections;

    public ValueTask DisposeAsync()
    {
        onEnd();
        return ValueTask.CompletedTask;
    }
}
