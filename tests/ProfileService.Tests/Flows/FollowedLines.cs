using System.Text;
using System.Text.Json;

namespace ProfileService.Tests.Flows;

/// <summary>Reads what flows out of a service.</summary>
internal static class FollowedLines
{
    public const string Beginning = "1.0.0.0.0";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A page of changes, without its last line, whose cursor is returned beside it.</summary>
    public static async Task<(IReadOnlyList<JsonElement> Changes, string Cursor)> FollowAsync(
        this TestService service, string after = Beginning, string more = "")
    {
        var reply = await service.GetAsync($"/v1/profiles/changes?after={after}{more}");
        Assert.Equal((200, "application/x-ndjson"), (reply.Status, reply.ContentType));
        var lines = reply.Lines();
        return ([.. lines.SkipLast(1)], lines[^1].GetProperty("cursor").GetString()!);
    }

    /// <summary>All changes after the cursor, page by page.</summary>
    public static async Task<(IReadOnlyList<JsonElement> Changes, string Cursor)> FollowAllAsync(
        this TestService service, string after = Beginning, string more = "")
    {
        var all = new List<JsonElement>();
        for (var (page, cursor) = await service.FollowAsync(after, more); ; (page, cursor) = await service.FollowAsync(cursor, more))
        {
            if (page.Count == 0)
                return (all, cursor);
            all.AddRange(page);
        }
    }

    /// <summary>Follows until there are so many changes.</summary>
    public static async Task<(IReadOnlyList<JsonElement> Changes, string Cursor)> FollowUntilAsync(
        this TestService service, int count, string after = Beginning)
    {
        var (all, cursor) = (new List<JsonElement>(), after);
        await Eventually.IsTrueAsync(async () =>
        {
            var (page, next) = await service.FollowAsync(cursor, "&wait=5");
            all.AddRange(page);
            cursor = next;
            return all.Count >= count;
        });
        return (all, cursor);
    }

    public static IReadOnlyList<JsonElement> Lines(this Reply reply) =>
        [.. Encoding.UTF8.GetString(reply.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public static string? UserOf(this JsonElement line) => line.TryGetProperty("userId", out var user) ? user.GetString() : null;

    public static string Pseudonym(this JsonElement line) => line.GetProperty("pseudonym").GetString()!;

    public static long Revision(this JsonElement line) => line.GetProperty("revision").GetInt64();

    public static bool IsDeletion(this JsonElement line) => line.TryGetProperty("deleted", out var deleted) && deleted.GetBoolean();

    /// <summary>Opens an event stream.</summary>
    public static async Task<StreamReader> OpenEventsAsync(this TestService service, string after, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/profiles/changes?after={after}");
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        return new StreamReader(await response.Content.ReadAsStreamAsync(Token));
    }

    /// <summary>The next event that has data.</summary>
    public static async Task<(string Id, JsonElement Data)> NextEventAsync(this StreamReader events)
    {
        for (string? id = null; ;)
        {
            var line = await events.ReadLineAsync(Token);
            Assert.NotNull(line);
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (id!, JsonElement.Parse(line[6..]));
        }
    }
}
