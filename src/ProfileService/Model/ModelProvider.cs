namespace ProfileService.Model;

/// <summary>What runs the graph.</summary>
internal enum ModelProvider
{
    Cpu,
    Cuda,
}
