namespace ProfileService.Model;

/// <summary>The ONNX Runtime execution provider.</summary>
internal enum ModelProvider
{
    Cpu,
    Cuda,
}
