using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>The value of an attribute: a text, a number, or true or false.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct AttributeValue
{
    private readonly object? _value; // a string, a double or a bool

    private AttributeValue(object value) => _value = value;

    /// <summary>The text; null where the value is none.</summary>
    public string? Text => _value as string;

    /// <summary>The number; null where the value is none.</summary>
    public double? Number => _value as double?;

    /// <summary>True or false; null where the value is neither.</summary>
    public bool? Flag => _value as bool?;

    public static implicit operator AttributeValue(string text) => FromText(text);

    public static implicit operator AttributeValue(double number) => FromNumber(number);

    public static implicit operator AttributeValue(bool flag) => FromFlag(flag);

    /// <param name="text">Up to 256 characters.</param>
    public static AttributeValue FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AttributeValue(text);
    }

    /// <param name="number">Finite.</param>
    public static AttributeValue FromNumber(double number) => double.IsFinite(number)
        ? new AttributeValue(number)
        : throw new ArgumentOutOfRangeException(nameof(number), number, "An attribute is a finite number.");

    public static AttributeValue FromFlag(bool flag) => new(flag);

    /// <summary>The value as text, numbers and flags as JSON has them.</summary>
    public override string ToString() => _value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    internal sealed class Converter : JsonConverter<AttributeValue>
    {
        public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => FromText(reader.GetString()!),
            JsonTokenType.Number => FromNumber(reader.GetDouble()),
            JsonTokenType.True or JsonTokenType.False => FromFlag(reader.GetBoolean()),
            _ => throw new JsonException("An attribute is a string, a number, or true or false."),
        };

        public override void Write(Utf8JsonWriter writer, AttributeValue value, JsonSerializerOptions options)
        {
            switch (value._value)
            {
                case string text: writer.WriteStringValue(text); break;
                case double number: writer.WriteNumberValue(number); break;
                case bool flag: writer.WriteBooleanValue(flag); break;
                default: throw new JsonException("An attribute has no value.");
            }
        }
    }
}
