namespace ProfileService.Tests;

/// <summary>Sends more than a rate allows. Many at once, for on a busy machine requests one after the other may keep to it.</summary>
internal static class RateFlood
{
    private const int AtOnce = 40;

    /// <summary>Sends until a reply is 429; returns that one, and those that are not.</summary>
    public static async Task<(Reply Refused, IReadOnlyList<Reply> Passed)> UntilRefusedAsync(Func<Task<Reply>> send)
    {
        var (refused, passed) = ((Reply?)null, new List<Reply>());
        await Eventually.IsTrueAsync(async () =>
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => send()));
            passed.AddRange(replies.Where(r => r.Status != 429));
            refused = replies.FirstOrDefault(r => r.Status == 429);
            return refused is not null;
        });
        return (refused!, passed);
    }
}
