using Microsoft.ML.OnnxRuntime;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Benchmarks.Limits;

/// <summary>Windows as tensors, encoded and allocated before the clock runs.</summary>
internal sealed class Batch : IDisposable
{
    private static readonly string[] InputNames = ["items", "kinds", "categories", "gaps", "values", "attributes"];
    private static readonly string[] OutputNames = ["vector", "attention"];
    private static readonly Dictionary<string, string> NoAttributes = [];

    private readonly ModelInputs _tensors;
    private readonly OrtValue[] _inputs;
    private readonly OrtValue[] _outputs;
    private readonly float[] _vectors;
    private readonly int _dimension;

    /// <param name="length">That every window is padded to.</param>
    public Batch(ModelManifest manifest, WindowEncoder encoder, IReadOnlyList<Window> windows, int length)
    {
        (Users, _dimension) = (windows.Count, manifest.Dimension);
        _tensors = encoder.NewBatch(Users, length);
        foreach (var (row, window) in windows.Index())
            encoder.Encode(window, NoAttributes, _tensors, row);
        long[] events = [Users, length];
        _inputs =
        [
            Tensor(_tensors.Items, events),
            Tensor(_tensors.Kinds, events),
            Tensor(_tensors.Categories, events),
            Tensor(_tensors.Gaps, events),
            Tensor(_tensors.Values, events),
            Tensor(_tensors.Attributes, [Users, encoder.AttributeCount]),
        ];
        _vectors = new float[Users * manifest.Dimension];
        _outputs =
        [
            OrtValue.CreateTensorValueFromMemory(_vectors, [Users, manifest.Dimension]),
            OrtValue.CreateTensorValueFromMemory(new float[Users * length], events),
        ];
    }

    public int Users { get; }

    public ReadOnlySpan<float> Vector(int user) => _vectors.AsSpan(user * _dimension, _dimension);

    public void Run(InferenceSession session, RunOptions options) => session.Run(options, InputNames, _inputs, OutputNames, _outputs);

    public void Dispose()
    {
        foreach (var value in (OrtValue[])[.. _inputs, .. _outputs])
            value.Dispose();
        _tensors.Dispose();
    }

    private static OrtValue Tensor<T>(Memory<T> data, long[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, data, shape);
}
