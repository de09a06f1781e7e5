using Microsoft.ML.OnnxRuntime;
using ProfileService.Model;

namespace ProfileService.Sentiment;

/// <summary>A verified sentiment package, loaded. <see cref="Run"/> may be called by many threads at once.</summary>
internal sealed class SentimentModel : IDisposable
{
    private static readonly string[] InputNames = ["tokens"];
    private static readonly string[] OutputNames = ["score"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    private SentimentModel(SentimentManifest manifest, TextTokenizer tokenizer, InferenceSession session) =>
        (Manifest, Tokenizer, _session) = (manifest, tokenizer, session);

    public SentimentManifest Manifest { get; }

    public TextTokenizer Tokenizer { get; }

    /// <summary>Reads, verifies and loads a package: sha256, then the graph's shape, then the golden samples.</summary>
    /// <param name="threads">Of one run; 0 is the processors that the process may use.</param>
    /// <exception cref="PackageRefusedException">It fails; the message names the file and says why.</exception>
    public static SentimentModel Load(string directory, int threads)
    {
        try
        {
            return LoadUnguarded(directory, threads);
        }
        catch (Exception e) when (e is not PackageRefusedException)
        {
            throw new PackageRefusedException(directory, $"it cannot be verified: {e.Message}", e); // whatever a damaged package makes us stumble over
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

    /// <summary>Scores in [-1, 1] of texts that have tokens.</summary>
    /// <param name="tokens">[B, L], 0 behind shorter texts.</param>
    /// <param name="texts">B</param>
    public float[] Run(long[] tokens, int texts)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(tokens, [texts, tokens.Length / texts]);
        using var outputs = _session.Run(_run, InputNames, [input], OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private string? Problem()
    {
        if (_session.InputMetadata.Count != 1 || !_session.InputMetadata.TryGetValue("tokens", out var tokens) || tokens.ElementType != typeof(long) || tokens.Dimensions.Length != 2)
            return "the graph must have one input, tokens, Int64 of rank 2.";
        return _session.OutputMetadata.TryGetValue("score", out var score) && score.ElementType == typeof(float) && score.Dimensions.Length == 1
            && _session.OutputMetadata.TryGetValue("attention", out var attention) && attention.ElementType == typeof(float) && attention.Dimensions.Length == 2
            ? null
            : "the graph must have the outputs score, Single of rank 1, and attention, Single of rank 2.";
    }

    // Texts are short: a GPU would wait for its work longer than it works, so they are scored on the CPU wherever profiles are computed.
    private static InferenceSession OpenSession(SentimentPackage package, int threads)
    {
        OnnxTelemetry.Disable(); // before anything of ONNX Runtime is touched
        using var options = ExecutionProvider.OptionsOf(threads > 0 ? threads : Environment.ProcessorCount, spins: false);
        try
        {
            return new InferenceSession(package.Graph, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new PackageRefusedException(Path.Combine(package.Directory, PackageFiles.GraphFile), $"ONNX Runtime cannot load it: {e.Message}", e);
        }
    }
}
