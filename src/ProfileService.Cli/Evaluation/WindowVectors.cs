using ProfileService.Model;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Cli.Evaluation;

/// <summary>Computes the vectors of windows as the service does, in batches of windows of similar length.</summary>
/// <param name="attributes">User → attribute → text, in the encoder's form.</param>
/// <param name="items">Source of categories for events without one, and of content vectors; null for none.</param>
internal sealed class WindowVectors(
    ActiveModel model, IReadOnlyDictionary<string, Dictionary<string, string>> attributes, ItemLookup? items = null)
{
    private const int MaxBatch = 128;
    private static readonly Dictionary<string, string> NoAttributes = [];

    /// <param name="take">Receives the index of a window and its vector, which is valid until it returns.</param>
    /// <param name="done">Receives the number of windows of each batch.</param>
    public void Compute(
        IReadOnlyList<Window> windows, Action<int, ReadOnlySpan<float>> take, Action<int> done, CancellationToken cancellationToken)
    {
        foreach (var batch in LengthGroups.Of(windows.Index(), w => LengthOf(w.Item), Math.Min(model.UsersPerRun, MaxBatch)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var inputs = Encode([.. batch.Select(w => w.Item)]);
            using var outputs = model.Run(inputs);
            foreach (var (row, (index, _)) in batch.Index())
                take(index, outputs.Vector(row));
            done(batch.Count);
        }
    }

    private int LengthOf(Window window) => model.Encoder.LengthOf(window);

    private ModelInputs Encode(Window[] windows)
    {
        var batch = model.Encoder.NewBatch(windows.Length, windows.Max(LengthOf));
        foreach (var (row, window) in windows.Index())
            model.Encoder.Encode(window, attributes.GetValueOrDefault(window.UserId, NoAttributes), batch, row, items);
        return batch;
    }
}
