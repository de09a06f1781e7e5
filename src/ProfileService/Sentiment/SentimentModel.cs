using Microsoft.ML.OnnxRuntime;
using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary>A verified and loaded sentiment package. <see cref="Run"/> is safe for use by many threads.</summary>
internal sealed class SentimentModel : IDisposable
{
    private static readonly string[] InputNames = ["tokens"];
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _outputs;

    private SentimentModel(SentimentManifest manifest, TextTokenizer tokenizer, InferenceSession session) =>
        (Manifest, Tokenizer, _session, _outputs) =
            (manifest, tokenizer, session, manifest.LeastOpinion is null ? ["score"] : ["score", "opinion"]);

    public SentimentManifest Manifest { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>Loads a package and verifies its sha256, the graph's shape and the golden samples.</summary>
    /// <param name="threads">Threads of one run; 0 for one per processor that the process may use.</param>
    /// <exception cref="PackageRefusedException">The package is not valid; the message has the file and the reason.</exception>
    public static SentimentModel Load(string directory, int threads)
    {
        try
        {
            return LoadUnguarded(directory, threads);
        }
        catch (Exception e) when (e is not PackageRefusedException)
        {
            throw new PackageRefusedException(directory, $"it cannot be verified: {e.Message}", e); // a damaged package can cause any error
        }
    }

    private static SentimentModel LoadUnguarded(string directory, int threads)
    {
        var package = SentimentPackage.Read(directory);
        var model = new SentimentModel(package.Manifest, package.Tokenizer, OpenSession(package, threads));
        try
        {
            if (model.Problem() is { } shape)
                throw new PackageRefusedException(Path.Combine(directory, PackageFiles.GraphFile), shape);
            if (package.Golden.Problem(model) is { } difference)
                throw new PackageRefusedException(Path.Combine(directory, SentimentGolden.FileName), difference);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Runs texts that have tokens.</summary>
    /// <param name="tokens">[B, L]; shorter texts are padded with 0.</param>
    /// <param name="texts">B</param>
    public SentimentOutput[] Run(long[] tokens, int texts)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(tokens, [texts, tokens.Length / texts]);
        using var outputs = _session.Run(_run, InputNames, [input], _outputs);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        var opinions = outputs.Count > 1 ? outputs[1].GetTensorDataAsSpan<float>() : [];
        var found = new SentimentOutput[texts];
        for (var row = 0; row < texts; row++)
            found[row] = new(Math.Clamp(scores[row], -1, 1), opinions.IsEmpty ? 1 : opinions[row]);
        return found;
    }

    /// <summary>The score of a text; null if it states no opinion.</summary>
    public float? ScoreOf(SentimentOutput output) => output.ScoreFrom(Manifest.LeastOpinion ?? float.Epsilon);

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private string? Problem()
    {
        if (_session.InputMetadata.Count != 1 || !Has<long>(_session.InputMetadata, "tokens", rank: 2))
            return "the graph must have one input, tokens, Int64 of rank 2.";
        if (!Has<float>(_session.OutputMetadata, "score", rank: 1) || !Has<float>(_session.OutputMetadata, "attention", rank: 2))
            return "the graph must have the outputs score, Single of rank 1, and attention, Single of rank 2.";
        return Manifest.LeastOpinion is null || Has<float>(_session.OutputMetadata, "opinion", rank: 1)
            ? null
            : "the graph must have the output opinion, Single of rank 1, for the manifest has leastOpinion.";
    }

    private static bool Has<T>(IReadOnlyDictionary<string, NodeMetadata> nodes, string name, int rank) =>
        nodes.TryGetValue(name, out var node) && node.ElementType == typeof(T) && node.Dimensions.Length == rank;

    // Always on the CPU: texts are short, and a GPU would spend more time waiting for them than computing.
    private static InferenceSession OpenSession(SentimentPackage package, int threads)
    {
        OnnxTelemetry.Disable(); // before the first use of ONNX Runtime
        using var options = ExecutionProvider.OptionsOf(threads > 0 ? threads : Environment.ProcessorCount, spins: false);
        try
        {
            return new InferenceSession(package.Graph, options);
        }
        catch (OnnxRuntimeException e)
        {
            var file = Path.Combine(package.Directory, PackageFiles.GraphFile);
            throw new PackageRefusedException(file, $"ONNX Runtime cannot load it: {e.Message}", e);
        }
    }
}
