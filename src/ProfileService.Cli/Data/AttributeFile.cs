using System.Text;
using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Cli.Data;

/// <summary>Reads the users' attributes: user → attribute → text, in the encoder's form.</summary>
internal static class AttributeFile
{
    /// <summary>Reads lines such as <c>{"userId":"u1","attributes":{"age":31,"gender":"F"}}</c>. Null is no value.</summary>
    /// <exception cref="InvalidDataException">A line is invalid; the message names it.</exception>
    public static Dictionary<string, Dictionary<string, string>> Read(string path)
    {
        var found = new Dictionary<string, Dictionary<string, string>>();
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, path).Lines)
        {
            if (Parse(line) is not { UserId: { } user, Attributes: { } attributes })
            {
                throw new InvalidDataException(
                    $"{path} line {number}: not userId, a text, and attributes, each of them a text, a number, true or false.");
            }

            found[user] = attributes.Where(a => a.Value.ValueKind != JsonValueKind.Null)
                .ToDictionary(a => a.Key, a => AttributeText.Of(a.Value));
        }

        return found;
    }

    /// <summary>Reads age, gender and occupation from the data set's <c>u.user</c>.</summary>
    /// <exception cref="InvalidDataException">A line is invalid; the message names it.</exception>
    public static Dictionary<string, Dictionary<string, string>> ReadMovieLens(string directory) =>
        File.ReadLines(Path.Combine(directory, "u.user"), Encoding.Latin1).Index().ToDictionary(
            line => line.Item.Split('|')[0],
            line => line.Item.Split('|') is [_, var age, var gender, var occupation, _]
                ? new Dictionary<string, string> { ["age"] = age, ["gender"] = gender, ["occupation"] = occupation }
                : throw new InvalidDataException(
                    $"u.user line {line.Index + 1}: not user, age, gender, occupation and zip code, separated by |."));

    private static AttributesLine? Parse(string line)
    {
        try
        {
            var read = JsonSerializer.Deserialize<AttributesLine>(line, JsonSerializerOptions.Web);
            return read?.Attributes?.Values.All(IsAttribute) == true ? read : null;
        }
        catch (JsonException)
        {
            return null; // the caller reports the line number
        }

        static bool IsAttribute(JsonElement value) =>
            value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Undefined);
    }

    private sealed record AttributesLine(string? UserId, Dictionary<string, JsonElement>? Attributes);
}
