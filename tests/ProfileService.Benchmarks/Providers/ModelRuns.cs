using ProfileService.Model;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Benchmarks.Providers;

/// <summary>
/// Takes windows through a model as the refresh does with what it claimed at once: groups them by length, encodes them, runs the graph and
/// copies the vectors out. Without stores, attributes and dimensions.
/// </summary>
/// <param name="claimed">Of one claim; every caller has the same.</param>
/// <param name="callers">Claims in hand at once, each on a thread of its own.</param>
internal sealed class ModelRuns(ActiveModel model, IEnumerable<Window> claimed, int callers)
{
    private static readonly Dictionary<string, string> NoAttributes = [];

    private readonly (byte[] Bytes, int Events)[] _claimed = [.. claimed.Select(w => (WindowCodec.Encode(w), w.Events.Count))];
    private long _graphTicks;
    private long _allTicks;

    /// <summary>Of the callers' time, how much they waited for the graph, copies to and from a GPU included. 0 to 1.</summary>
    public double ShareOfGraph => (double)_graphTicks / _allTicks;

    public async Task<double> UsersPerSecondAsync(TimeSpan span)
    {
        var running = Enumerable.Range(0, callers).Select(caller => Task.Factory.StartNew(
            () => UsersPerSecond(span, new Random(caller)),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        return (await Task.WhenAll(running)).Sum();
    }

    private double UsersPerSecond(TimeSpan span, Random random)
    {
        var (started, users) = (TimeProvider.System.GetTimestamp(), 0);
        while (TimeProvider.System.GetElapsedTime(started) < span)
        {
            var groups = LengthGroups.Of(_claimed, w => model.Encoder.LengthOf(w.Events), model.UsersPerRun).ToArray();
            random.Shuffle(groups); // else a span that ends within a claim would have more short windows than long ones
            foreach (var group in groups)
            {
                Run(group);
                users += group.Count;
                if (TimeProvider.System.GetElapsedTime(started) >= span)
                    break;
            }
        }

        var took = TimeProvider.System.GetElapsedTime(started);
        Interlocked.Add(ref _allTicks, took.Ticks);
        return users / took.TotalSeconds;
    }

    private void Run(List<(byte[] Bytes, int Events)> group)
    {
        using var batch = model.Encoder.NewBatch(group.Count, group.Max(w => model.Encoder.LengthOf(w.Events)));
        for (var row = 0; row < group.Count; row++)
            model.Encoder.Encode(group[row].Bytes, group[row].Events, NoAttributes, batch, row);

        var started = TimeProvider.System.GetTimestamp();
        using var outputs = model.Run(batch);
        Interlocked.Add(ref _graphTicks, TimeProvider.System.GetElapsedTime(started).Ticks);

        var vectors = new byte[group.Count][]; // kept to the end of the run, as profiles are
        for (var row = 0; row < group.Count; row++)
            vectors[row] = VectorBytes.From(outputs.Vector(row));
    }
}
