using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ProfileService.Model;

/// <summary>The graph loaded into ONNX Runtime. <see cref="Run"/> may be called by many threads at once.</summary>
internal sealed class ModelSession : IDisposable
{
    private static readonly string[] InputNames = ["items", "kinds", "categories", "gaps", "values", "attributes"];
    private static readonly string[] OutputNames = ["vector", "attention"];
    private static readonly string[] OutputNamesWithHeads = [.. OutputNames, "heads"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly int _dimension;
    private readonly int _heads; // that the graph tells of; 0 for none

    /// <exception cref="OnnxRuntimeException">The bytes are no graph, or the provider cannot run it.</exception>
    public ModelSession(byte[] graph, ModelManifest manifest, SessionOptions options)
    {
        _session = new InferenceSession(graph, options);
        _dimension = manifest.Dimension;
        _heads = _session.OutputMetadata.TryGetValue("heads", out var heads) && heads.Dimensions is [_, > 0 and var count, _] ? count : 0;
    }

    /// <summary>Why the graph does not fit the contract, or null where it does.</summary>
    public string? Problem(int attributeCount)
    {
        var missing = InputNames.Except(_session.InputMetadata.Keys).Select(name => $"input {name}")
            .Concat(OutputNames.Except(_session.OutputMetadata.Keys).Select(name => $"output {name}"))
            .Concat(_session.InputMetadata.Keys.Except(InputNames).Select(name => $"no input {name}"));
        if (string.Join(", ", missing) is { Length: > 0 } list)
            return $"the graph must have {list}.";
        foreach (var name in InputNames)
        {
            var expected = name == "values" ? typeof(float) : typeof(long);
            if (_session.InputMetadata[name] is var input && (input.ElementType != expected || input.Dimensions.Length != 2))
                return $"input {name} must be {expected.Name} of rank 2.";
        }

        if (_session.InputMetadata["attributes"].Dimensions[1] is >= 0 and var declared && declared != attributeCount)
            return $"input attributes has {declared} columns, the manifest's schema {attributeCount}.";
        return _session.OutputMetadata["vector"].Dimensions is [_, var dimension] && (dimension < 0 || dimension == _dimension)
            ? null
            : $"output vector must have the manifest's dimension, {_dimension}.";
    }

    /// <summary>The outputs are the caller's to dispose of.</summary>
    public ModelOutputs Run(ModelInputs inputs, bool withHeads = false)
    {
        long[] events = [inputs.Users, inputs.Length]; // [B, L]
        using var items = Tensor(inputs.Items, events);
        using var kinds = Tensor(inputs.Kinds, events);
        using var categories = Tensor(inputs.Categories, events);
        using var gaps = Tensor(inputs.Gaps, events);
        using var values = Tensor(inputs.Values, events);
        using var attributes = Tensor(inputs.Attributes, [inputs.Users, inputs.AttributeCount]);

        var outputs = new ModelOutputs(inputs.Users, inputs.Length, _dimension, withHeads ? _heads : 0);
        try
        {
            using var vectors = Tensor(outputs.Vectors, [inputs.Users, _dimension]);
            using var attention = Tensor(outputs.Attention, events);
            OrtValue[] given = [items, kinds, categories, gaps, values, attributes];
            if (outputs.Heads == 0)
            {
                _session.Run(_run, InputNames, given, OutputNames, [vectors, attention]);
                return outputs;
            }

            using var heads = Tensor(outputs.HeadAttention, [inputs.Users, outputs.Heads, inputs.Length]);
            _session.Run(_run, InputNames, given, OutputNamesWithHeads, [vectors, attention, heads]);
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

    private static OrtValue Tensor<T>(Memory<T> data, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data, shape);
}
