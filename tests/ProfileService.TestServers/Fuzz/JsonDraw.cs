using System.Text;
using System.Text.Json;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Writes JSON that fits a schema of the document, and now and then does not: other types, names twice or unknown, deep
/// nesting.</summary>
internal sealed class JsonDraw(JsonElement document, Drawn drawn)
{
    private const int Deepest = 6;
    private const int MaxItems = 12;
    private const int DeepNesting = 80; // more than readers take

    private const string Reference = "#/components/schemas/";

    private readonly StringBuilder _json = new();

    public string Draw(JsonElement schema)
    {
        _json.Clear();
        Write("", schema, 0);
        return _json.ToString();
    }

    private void Write(string name, JsonElement schema, int depth)
    {
        schema = Choice(Resolve(schema));
        if (drawn.OnceIn(25) || depth > Deepest)
            WriteOdd();
        else if (TypeOf(schema) is "object")
            WriteObject(schema, depth);
        else if (TypeOf(schema) is "array")
            WriteArray(name, schema.TryGetProperty("items", out var items) ? items : default, depth);
        else
            WriteValue(name, TypeOf(schema));
    }

    private JsonElement Resolve(JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()![Reference.Length..]);
        return schema;
    }

    private JsonElement Choice(JsonElement schema) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("oneOf", out var choices)
        ? Resolve(drawn.OneOf(choices.EnumerateArray().ToList()))
        : schema;

    private static string? TypeOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString() : null;

    private void WriteObject(JsonElement schema, int depth)
    {
        _json.Append('{');
        var first = true;
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject().Where(_ => !drawn.OnceIn(8)))
            {
                WriteField(property.Name, property.Value, depth, ref first);
                if (drawn.OnceIn(60))
                    WriteField(property.Name, property.Value, depth, ref first); // a name twice
            }
        }
        else
        {
            for (var i = drawn.Below(4); i > 0; i--)
                WriteField(drawn.Id(), default, depth, ref first);
        }
        if (drawn.OnceIn(30))
            WriteField("unknown", default, depth, ref first);
        _json.Append('}');
    }

    private void WriteField(string name, JsonElement schema, int depth, ref bool first)
    {
        if (!first)
            _json.Append(',');
        first = false;
        WriteText(drawn.OnceIn(200) ? name.ToUpperInvariant() : name);
        _json.Append(':');
        Write(name, schema, depth + 1);
    }

    private void WriteArray(string name, JsonElement items, int depth)
    {
        _json.Append('[');
        for (var i = drawn.Below(drawn.OnceIn(200) ? 1_200 : MaxItems); i > 0; i--)
        {
            Write(name.TrimEnd('s'), items, depth + 1);
            if (i > 1)
                _json.Append(',');
        }
        _json.Append(']');
    }

    private void WriteValue(string name, string? type)
    {
        if (type is "integer" or "number")
            _json.Append(drawn.Number());
        else if (type is "boolean")
            _json.Append(drawn.OnceIn(2) ? "true" : "false");
        else if (name.Contains("time", StringComparison.OrdinalIgnoreCase))
            WriteText(drawn.Time());
        else
            WriteText(name == "kind" ? drawn.Kind() : drawn.Id());
    }

    private void WriteText(string text) =>
        _json.Append(drawn.OnceIn(3) ? JsonSerializer.Serialize(text)
            : $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    private void WriteOdd()
    {
        switch (drawn.Below(8))
        {
            case 0: _json.Append("null"); break;
            case 1: _json.Append(drawn.Number()); break;
            case 2: _json.Append("{}"); break;
            case 3: _json.Append("[]"); break;
            case 4: _json.Append("\"\\ud800\""); break; // half a surrogate pair
            case 5: _json.Append('[', DeepNesting).Append(']', DeepNesting); break;
            case 6: _json.Append("tru"); break;
            default: WriteText(drawn.OddText()); break;
        }
    }
}
