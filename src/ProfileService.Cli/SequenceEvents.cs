using System.Runtime.InteropServices;
using System.Text.Json;

namespace ProfileService.Cli;

/// <summary>Sequences as events: a line is a user and then items in the order of time, separated by white space. They have no times, so each comes a second after the one before.</summary>
internal static class SequenceEvents
{
    private static readonly DateTime First = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Turns a line into events of kind <c>view</c>, none where it names a user only. A user's second line goes on where the first one ended.</summary>
    public static Func<string, IEnumerable<string>> Reader()
    {
        var lengths = new Dictionary<string, int>();
        return line =>
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            ref var length = ref CollectionsMarshal.GetValueRefOrAddDefault(lengths, words[0], out _);
            var start = length;
            length += words.Length - 1;
            return words.Skip(1).Select((item, i) => ToEvent(words[0], item, start + i));
        };
    }

    private static string ToEvent(string user, string item, int second) => JsonSerializer.Serialize(
        new { UserId = user, Kind = "view", ItemId = item, Timestamp = First.AddSeconds(second) }, JsonSerializerOptions.Web);
}
