using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>The value of an attribute: a text, a number, or a flag.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct AttributeValue
{
    private readonly object? _value; // a string, a double or a bool

    private AttributeValue(object value) => _value = value;

    /// <summary>The text; null if the value is not a text.</summary>
    public string? Text => _value as string;

    /// <summary>The number; null if the value is not a number.</summary>
    public double? Number => _value as double?;

    /// <summary>True or false; null if the value is not a flag.</summary>
    public bool? Flag => _value as bool?;

    /// <summary>Makes a text a value.</summary>
    /// <param name="text">Up to 256 characters.</param>
    public static implicit operator AttributeValue(string text) => FromText(text);

    /// <summary>Makes a number a value.</summary>
    /// <param name="number">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public static implicit operator AttributeValue(double number) => FromNumber(number);

    /// <summary>Makes true or false a value.</summary>
    /// <param name="flag">True or false.</param>
    public static implicit operator AttributeValue(bool flag) => FromFlag(flag);

    /// <summary>A text as a value.</summary>
    /// <param name="text">Up to 256 characters.</param>
    public static AttributeValue FromText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new AttributeValue(text);
    }

    /// <summary>A number as a value.</summary>
    /// <param name="number">Finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public static AttributeValue FromNumber(double number) => double.IsFinite(number)
        ? new AttributeValue(number)
        : throw new ArgumentOutOfRangeException(nameof(number), number, "An attribute is a finite number.");

    /// <summary>True or false as a value.</summary>
    /// <param name="flag">True or false.</param>
    public static AttributeValue FromFlag(bool flag) => new(flag);

    /// <summary>The value as text; numbers and flags as in JSON.</summary>
    public override string ToString() => _value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    internal sealed class Converter : JsonConverter<AttributeValue>
    {
        public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
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
                case string text: writer.WriteStringValue(WellFormedText.Check(text)); break;
                case double number: writer.WriteNumberValue(number); break;
                case bool flag: writer.WriteBooleanValue(flag); break;
                default: throw new JsonException("An attribute has no value.");
            }
        }
    }
}
