using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ProfileService.Model;

/// <summary>The graph, loaded into ONNX Runtime. <see cref="Run"/> is thread-safe.</summary>
internal sealed class ModelSession : IDisposable
{
    private const string ContentName = "content"; // only if the manifest declares it
    private const string TimeName = "time"; // only if the manifest declares it

    private static readonly string[] IndexNames = ["items", "kinds", "categories", "gaps", "attributes"];
    private static readonly string[] InputNames = ["items", "kinds", "categories", "gaps", "values", "attributes"];
    private static readonly string[] OutputNames = ["vector", "attention"];
    private static readonly string[] OutputNamesWithHeads = [.. OutputNames, "heads"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputNames;
    private readonly int _dimension;
    private readonly int _heads; // attention heads that the graph outputs; 0 for none
    private readonly int _contentDimension; // 0 if the graph has no input content
    private readonly bool _hasTime;

    /// <exception cref="OnnxRuntimeException">The bytes are not a graph, or the provider cannot run it.</exception>
    public ModelSession(byte[] graph, ModelManifest manifest, SessionOptions options)
    {
        _session = new InferenceSession(graph, options);
        _dimension = manifest.Dimension;
        _heads = _session.OutputMetadata.TryGetValue("heads", out var heads) && heads.Dimensions is [_, > 0 and var count, _] ? count : 0;
        _contentDimension = manifest.Inputs.Content?.Dimension ?? 0;
        _hasTime = manifest.Inputs.Time is not null;
        string[] content = _contentDimension > 0 ? [ContentName] : [];
        string[] time = _hasTime ? [TimeName] : [];
        _inputNames = [.. InputNames, .. content, .. time];
    }

    /// <summary>Returns how the graph violates the contract, or null.</summary>
    public string? Problem(int attributeCount)
    {
        var missing = _inputNames.Except(_session.InputMetadata.Keys).Select(name => $"input {name}")
            .Concat(OutputNames.Except(_session.OutputMetadata.Keys).Select(name => $"output {name}"))
            .Concat(_session.InputMetadata.Keys.Except(_inputNames).Select(name => $"no input {name}"));
        if (string.Join(", ", missing) is { Length: > 0 } list)
            return $"the graph must have {list}.";
        foreach (var name in _inputNames)
        {
            var (expected, rank) = (IndexNames.Contains(name) ? typeof(long) : typeof(float), name == ContentName ? 3 : 2);
            if (_session.InputMetadata[name] is var input && (input.ElementType != expected || input.Dimensions.Length != rank))
                return $"input {name} must be {expected.Name} of rank {rank}.";
        }

        if (_contentDimension > 0
            && _session.InputMetadata[ContentName].Dimensions[2] is >= 0 and var content
            && content != _contentDimension)
            return $"input content has {content} numbers per item, but the manifest's inputs.content has {_contentDimension}.";

        if (_hasTime && _session.InputMetadata[TimeName].Dimensions[1] is >= 0 and not TimeEncoding.Length)
            return $"input time must have {TimeEncoding.Length} columns.";
        if (_session.InputMetadata["attributes"].Dimensions[1] is >= 0 and var declared && declared != attributeCount)
            return $"input attributes has {declared} columns, but the manifest's schema has {attributeCount}.";
        return _session.OutputMetadata["vector"].Dimensions is [_, var dimension] && (dimension < 0 || dimension == _dimension)
            ? null
            : $"output vector must have the manifest's dimension, {_dimension}.";
    }

    /// <summary>Runs the graph. The caller disposes of the outputs.</summary>
    public ModelOutputs Run(ModelInputs inputs, bool withHeads = false)
    {
        long[] events = [inputs.Users, inputs.Length]; // [B, L]
        using var items = Tensor(inputs.Items, events);
        using var kinds = Tensor(inputs.Kinds, events);
        using var categories = Tensor(inputs.Categories, events);
        using var gaps = Tensor(inputs.Gaps, events);
        using var values = Tensor(inputs.Values, events);
        using var attributes = Tensor(inputs.Attributes, [inputs.Users, inputs.AttributeCount]);
        using var content = _contentDimension > 0 ? Tensor(inputs.Content, [inputs.Users, inputs.Length, _contentDimension]) : null;
        using var time = _hasTime ? Tensor(inputs.Time, [inputs.Users, TimeEncoding.Length]) : null;

        var outputs = new ModelOutputs(inputs.Users, inputs.Length, _dimension, withHeads ? _heads : 0);
        try
        {
            using var vectors = Tensor(outputs.Vectors, [inputs.Users, _dimension]);
            using var attention = Tensor(outputs.Attention, events);
            OrtValue[] given = [items, kinds, categories, gaps, values, attributes, .. Given(content), .. Given(time)];
            if (outputs.Heads == 0)
            {
                _session.Run(_run, _inputNames, given, OutputNames, [vectors, attention]);
                return outputs;
            }

            using var heads = Tensor(outputs.HeadAttention, [inputs.Users, outputs.Heads, inputs.Length]);
            _session.Run(_run, _inputNames, given, OutputNamesWithHeads, [vectors, attention, heads]);
            return outputs;
        }
        catch
        {
            outputs.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static OrtValue[] Given(OrtValue? optional) => optional is null ? [] : [optional];

    private static OrtValue Tensor<T>(Memory<T> data, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data, shape);
}
