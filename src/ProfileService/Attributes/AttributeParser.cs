using System.Text.Json;
using ProfileService.Events;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>A JSON object to attributes, every limit checked. What is wrong is a value, not an exception.</summary>
internal static class AttributeParser
{
    public const int MaxAttributes = 64;
    public const int MaxNameLength = 64;
    public const int MaxTextLength = 256;

    /// <summary>The attributes as JSON, or null and why not; <see cref="EventProblem.Index"/> is <paramref name="index"/>.</summary>
    public static string? Parse(JsonElement json, long index, out EventProblem? problem)
    {
        problem = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = new EventProblem(index, "wrong_type", "attributes", $"attributes must be a JSON object of name and value, not {json.ValueKind}.");
            return null;
        }

        var values = new Dictionary<string, object>();
        try
        {
            foreach (var attribute in json.EnumerateObject())
            {
                if (Read(attribute, values) is not var (code, detail))
                    continue;
                problem = new EventProblem(index, code, $"attributes.{Shortened(attribute.Name)}", detail);
                return null;
            }
        }
        catch (InvalidOperationException) // the reader's word for half a surrogate pair
        {
            problem = new EventProblem(index, "invalid_text", "attributes", "A name or a text is not valid Unicode: half a surrogate pair, or broken UTF-8.");
            return null;
        }

        return JsonSerializer.Serialize(values);
    }

    private static (string Code, string Detail)? Read(JsonProperty attribute, Dictionary<string, object> values)
    {
        if (attribute.Name.Length is 0 or > MaxNameLength || EntityId.HasControl(attribute.Name))
            return ("invalid_name", $"An attribute's name has 1 to {MaxNameLength} characters and no control characters.");
        if (values.Count == MaxAttributes && !values.ContainsKey(attribute.Name))
            return ("too_many_attributes", $"A user may have at most {MaxAttributes} attributes.");
        switch (attribute.Value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                values[attribute.Name] = attribute.Value.GetBoolean();
                return null;
            case JsonValueKind.Number:
                var number = attribute.Value.GetDouble();
                values[attribute.Name] = number;
                return double.IsFinite(number) ? null : ("not_finite", $"{Shortened(attribute.Name)} must be a finite number.");
            case JsonValueKind.String:
                var text = attribute.Value.GetString()!;
                values[attribute.Name] = text;
                return text.Length > MaxTextLength ? ("too_long", $"{Shortened(attribute.Name)} may have at most {MaxTextLength} characters.") : null;
            default:
                return ("wrong_type", $"{Shortened(attribute.Name)} must be a string, a number, true or false; leave out what is not known.");
        }
    }

    private static string Shortened(string name) => name.Length <= MaxNameLength ? name : name[..MaxNameLength];
}
