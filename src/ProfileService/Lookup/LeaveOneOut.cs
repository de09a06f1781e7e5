using System.Numerics.Tensors;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Computes how far a user's vector turns without each event and each attribute, as if it had never come.</summary>
internal sealed class LeaveOneOut(ActiveModel model, ItemLookup items)
{
    // An attention head holds a number for each pair of events of a window: as many in a run as of a refresh with windows of 128 events.
    private const int PairsPerRun = ActiveModel.UsersPerCpuRun * 128 * 128;

    /// <param name="vector">The vector with all events and attributes.</param>
    public VectorChanges Of(
        Window window, IReadOnlyDictionary<string, string> attributes, float[] vector, CancellationToken cancellationToken)
    {
        var read = model.Encoder.LengthOf(window);
        // The event before the oldest that the model reads is read where another is left out. No model reads texts.
        List<WindowEvent> events = [.. window.Events.TakeLast(read + 1).Select(e => e with { Text = null })];
        var names = model.Manifest.Inputs.Attributes.Select(a => a.Name!).Where(attributes.ContainsKey).ToList();
        var changes = Enumerable.Range(events.Count - read, read)
            .Select(i => new ModelInput([.. events.Where((_, other) => other != i)], attributes))
            .Concat(names.Select(name => new ModelInput(events, attributes.Where(a => a.Key != name).ToDictionary())))
            .Chunk(RowsPerRun(read))
            .SelectMany(rows => Changes(rows, vector, cancellationToken))
            .ToList();
        return new VectorChanges(
            [.. Enumerable.Repeat<VectorChange?>(null, window.Events.Count - read), .. changes.Take(read)],
            [.. names.Zip(changes.Skip(read), (name, change) => new AttributeLeftOut(name, change.Distance, change.Segments))]);
    }

    private static int RowsPerRun(int length) =>
        (int)Math.Clamp(PairsPerRun / Math.Max(1L, (long)length * length), 1, ActiveModel.UsersPerCpuRun);

    private VectorChange[] Changes(ModelInput[] rows, float[] vector, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var batch = model.Encoder.NewBatch(rows.Length, Math.Max(1, rows.Max(row => model.Encoder.LengthOf(row.Events.Count))));
        for (var i = 0; i < rows.Length; i++)
            model.Encoder.Encode(new Window("", rows[i].Events), rows[i].Attributes, batch, i, items);
        using var outputs = model.Run(batch);
        for (var i = 0; i < rows.Length; i++)
            outputs.ThrowUnlessFinite(i, rows[i].Events.Count);
        return [.. rows.Select((_, i) => Change(vector, outputs.Vector(i)))];
    }

    private VectorChange Change(ReadOnlySpan<float> with, ReadOnlySpan<float> without)
    {
        var distance = Distance(with, without);
        return new VectorChange(distance, distance == 0 ? null : SegmentShares.Of(model.Manifest.Segments, with, without));
    }

    // A vector is zero if the model knows nothing of the user. It is as far from any other as a vector at a right angle.
    private static double Distance(ReadOnlySpan<float> with, ReadOnlySpan<float> without)
    {
        var (isZero, becomesZero) = (TensorPrimitives.Norm(with) == 0, TensorPrimitives.Norm(without) == 0);
        return isZero && becomesZero ? 0
            : isZero || becomesZero ? 1
            : Math.Round(Math.Clamp(1.0 - TensorPrimitives.CosineSimilarity(with, without), 0, 2), 6);
    }

    private sealed record ModelInput(List<WindowEvent> Events, IReadOnlyDictionary<string, string> Attributes);
}
