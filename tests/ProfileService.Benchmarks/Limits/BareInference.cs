using Microsoft.ML.OnnxRuntime;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.Limits;

/// <summary>How runs use the processors.</summary>
/// <param name="Threads">Of one run.</param>
/// <param name="Callers">Runs at the same time.</param>
/// <param name="Spins">Whether threads that wait for work keep their processor.</param>
internal sealed record Layout(int Threads, int Callers, bool Spins)
{
    public static IReadOnlyList<Layout> All { get; } =
        [new(Environment.ProcessorCount, 1, true), new(Environment.ProcessorCount, 1, false), new(1, Environment.ProcessorCount, false)];
}

/// <summary>ONNX Runtime and nothing else: a package's graph, run again and again on windows that are encoded already.</summary>
internal sealed class BareInference : IDisposable
{
    private static readonly int[] BatchSizes = [8, 16, 32, 64, 128];

    private readonly RunOptions _options = new();
    private readonly byte[] _graph;
    private readonly ModelManifest _manifest;
    private readonly WindowEncoder _encoder;
    private readonly Layout _layout;
    private readonly InferenceSession _session;
    private List<Batch>[] _ofCaller = []; // no tensor is shared by two runs

    private BareInference(byte[] graph, ModelManifest manifest, WindowEncoder encoder, Layout layout)
    {
        (_graph, _manifest, _encoder, _layout) = (graph, manifest, encoder, layout);
        using var options = ExecutionProvider.OptionsOf(layout.Threads, layout.Spins);
        _session = new InferenceSession(_graph, options);
    }

    /// <summary>Users of a run that was found best.</summary>
    public int BatchSize => _ofCaller[0].Max(b => b.Users);

    public override string ToString() => $"batches of {BatchSize}, {_layout.Callers} x {_layout.Threads} threads{(_layout.Spins ? ", spinning" : "")}";

    /// <summary>The batch size and the layout of threads at which the windows, all padded to one length, go through fastest.</summary>
    public static BareInference Best(string package, IReadOnlyList<Window> windows, int length, TimeSpan look) =>
        Fastest(package, look, BatchSizes.Where(size => size <= windows.Count).Select<int, Func<WindowEncoder, IEnumerable<(List<Window>, int)>>>(
            size => _ => windows.Chunk(size).Where(chunk => chunk.Length == size).Select(chunk => (chunk.ToList(), length))));

    /// <summary>The layout of threads at which the windows go through fastest in groups as <paramref name="grouping"/> makes them.</summary>
    public static BareInference BestOfGroups(string package, Func<WindowEncoder, IEnumerable<(List<Window> Windows, int Length)>> grouping, TimeSpan look) =>
        Fastest(package, look, [grouping]);

    /// <summary>Users a second over a span.</summary>
    public double UsersPerSecond(TimeSpan span)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        var users = new long[_layout.Callers];
        Parallel.For(0, _layout.Callers, new ParallelOptions { MaxDegreeOfParallelism = _layout.Callers }, caller =>
        {
            for (var i = 0; time.GetElapsedTime(started) < span; i = (i + 1) % _ofCaller[caller].Count)
            {
                _ofCaller[caller][i].Run(_session, _options);
                users[caller] += _ofCaller[caller][i].Users;
            }
        });
        return users.Sum() / time.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>What one run after the other takes, without others beside it.</summary>
    public double SecondsPerRun(TimeSpan span)
    {
        var (started, runs) = (TimeProvider.System.GetTimestamp(), 0);
        for (; TimeProvider.System.GetElapsedTime(started) < span; runs++)
            _ofCaller[0][runs % _ofCaller[0].Count].Run(_session, _options);
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds / runs;
    }

    /// <summary>CPU time a user, in µs.</summary>
    public double CpuPerUser(TimeSpan span)
    {
        var (before, started) = (Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
        var users = UsersPerSecond(span) * TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / users;
    }

    /// <summary>The vectors of all windows, in the order of the groups.</summary>
    public List<float[]> Vectors()
    {
        var vectors = new List<float[]>();
        foreach (var batch in _ofCaller[0])
        {
            batch.Run(_session, _options);
            for (var user = 0; user < batch.Users; user++)
                vectors.Add(batch.Vector(user).ToArray());
        }

        return vectors;
    }

    public void Dispose()
    {
        foreach (var batch in _ofCaller.SelectMany(b => b))
            batch.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private static BareInference Fastest(string package, TimeSpan look, IEnumerable<Func<WindowEncoder, IEnumerable<(List<Window> Windows, int Length)>>> groupings)
    {
        OnnxTelemetry.Disable();
        var read = ModelPackage.Read(Repository.Path(package));
        var encoder = new WindowEncoder(read.Manifest, read.Json<Vocabulary>(Vocabulary.FileName) ?? new Vocabulary());
        var best = (Rate: 0.0, Inference: (BareInference?)null);
        foreach (var grouping in groupings)
        {
            foreach (var layout in Layout.All)
            {
                var inference = new BareInference(read.Graph, read.Manifest, encoder, layout);
                inference.Take(grouping(encoder).ToList());
                inference.UsersPerSecond(look / 4);
                var rate = inference.UsersPerSecond(look);
                var isFaster = best.Inference is null || rate > best.Rate;
                (isFaster ? best.Inference : inference)?.Dispose();
                if (isFaster)
                    best = (rate, inference);
            }
        }

        return best.Inference!;
    }

    private void Take(List<(List<Window> Windows, int Length)> groups) =>
        _ofCaller = [.. Enumerable.Range(0, _layout.Callers).Select(_ => groups.Select(g => new Batch(_manifest, _encoder, g.Windows, g.Length)).ToList())];
}
