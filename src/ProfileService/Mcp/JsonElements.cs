using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfileService.Mcp;

internal static class JsonElements
{
    public static JsonElement Of(JsonNode node) => JsonSerializer.SerializeToElement(node);
}
