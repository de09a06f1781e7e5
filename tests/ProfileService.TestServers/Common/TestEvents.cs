using System.Globalization;
using System.Text.Json;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.TestServers.Common;

/// <summary>Events with defaults, as the store takes them and as they are posted.</summary>
internal static class TestEvents
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 10, 0, 0, TimeSpan.Zero);

    /// <summary>An event so many seconds after <see cref="Start"/>.</summary>
    public static WindowEvent Event(double second = 0, string user = "u1", string item = "i1", string kind = "view", string? id = null, string? category = null, double? value = null, string? text = null) =>
        new(user, kind, item, EventTime.FromUtc(Start.UtcDateTime.AddSeconds(second)), id, category is null ? null : [category], value, text);

    public static string Json(this WindowEvent e)
    {
        var posted = new Dictionary<string, object?>
        {
            ["userId"] = e.UserId,
            ["kind"] = e.Kind,
            ["itemId"] = e.ItemId,
            ["timestamp"] = EventTime.ToUtc(e.Timestamp).ToString("O", CultureInfo.InvariantCulture),
        };
        if (e.GivenId is not null)
            posted["eventId"] = e.GivenId;
        if (e.Categories is not null)
            posted["categories"] = e.Categories;
        if (e.Value is not null)
            posted["value"] = e.Value;
        if (e.Text is not null)
            posted["text"] = e.Text;
        return JsonSerializer.Serialize(posted);
    }
}
