using System.Runtime.InteropServices;
using System.Text.Json;

namespace ProfileService.Cli.Data;

/// <summary>
/// Converts sequences to events. A line contains a user and then items in order of time, separated by white space. As there are no times,
/// the events of a user are one second apart.
/// </summary>
internal static class SequenceEvents
{
    private static readonly DateTime First = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>
    /// Returns a converter from a line to events of kind <c>view</c>. A further line of the same user continues after the last event of the
    /// line before. A line with a user alone becomes an event without an item, which is rejected for that.
    /// </summary>
    /// <param name="name">Name of the file, for messages.</param>
    /// <exception cref="InvalidDataException">The first line is JSON.</exception>
    public static Func<string, IEnumerable<string>> Reader(string name)
    {
        var lengths = new Dictionary<string, int>();
        return line =>
        {
            if (lengths.Count == 0 && line[0] is '{' or '[')
            {
                throw new InvalidDataException(
                    $"{name} is JSON and no sequences: it begins with {line[0]}. Give it as events: --format events, --data events:FILE.");
            }

            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            ref var length = ref CollectionsMarshal.GetValueRefOrAddDefault(lengths, words[0], out _);
            var start = length;
            length += words.Length - 1;
            return words.Length == 1
                ? [ToEvent(words[0], item: null, start)]
                : words.Skip(1).Select((item, i) => ToEvent(words[0], item, start + i));
        };
    }

    private static string ToEvent(string user, string? item, int second) => JsonSerializer.Serialize(
        new { UserId = user, Kind = "view", ItemId = item, Timestamp = First.AddSeconds(second) }, JsonSerializerOptions.Web);
}
