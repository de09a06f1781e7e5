using ProfileService.Platform.Settings;

namespace ProfileService.Mcp;

/// <summary>Section <c>Mcp</c>: the endpoint for agents, <c>/mcp</c>.</summary>
[Section("Mcp")]
internal sealed class McpOptions
{
    /// <summary>
    /// Whether agents may call tools at <c>/mcp</c>. Default false: what reads profiles is a language model, whose owner may keep what it
    /// reads, so that somebody must have decided it.
    /// </summary>
    public bool Enabled { get; set; }
}
