using System.Globalization;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace ProfileService.Mcp;

/// <summary>A tool as clients see it, and the route that answers.</summary>
/// <param name="Pattern">Such as <c>/v1/users/{userId}/profile</c>.</param>
internal sealed record ToolRoute(ToolDefinition Definition, Tool Tool, string Method, string Pattern)
{
    /// <summary>The request that a call stands for.</summary>
    /// <param name="arguments">Checked by <see cref="ArgumentRules"/>; the route checks the rest.</param>
    public OwnRequest RequestOf(IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var (path, rest) = (Pattern, new Dictionary<string, JsonElement>());
        foreach (var (name, value) in arguments)
        {
            if (IsInPath(name))
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value.GetString()!), StringComparison.Ordinal);
            else
                rest[name] = value;
        }

        return HttpMethods.IsGet(Method)
            ? new OwnRequest(Method, path + QueryOf(rest))
            : new OwnRequest(Method, path, JsonSerializer.SerializeToUtf8Bytes(rest));
    }

    public JsonElement SchemaOf(string argument) => Tool.InputSchema.GetProperty("properties").GetProperty(argument);

    public bool IsInPath(string argument) => Pattern.Contains($"{{{argument}}}", StringComparison.Ordinal);

    private string QueryOf(Dictionary<string, JsonElement> arguments)
    {
        var query = new StringBuilder("?").Append(Definition.Query);
        foreach (var (name, value) in arguments)
        {
            foreach (var text in value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(TextOf) : [TextOf(value)])
                query.Append(CultureInfo.InvariantCulture, $"&{Uri.EscapeDataString(name)}={Uri.EscapeDataString(text)}");
        }

        return query.Length > 1 ? query.Replace("?&", "?").ToString() : "";
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
