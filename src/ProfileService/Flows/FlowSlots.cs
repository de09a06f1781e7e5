using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>Bounds the requests of this process that stay open for long.</summary>
internal sealed class FlowSlots(IOptions<FlowOptions> options)
{
    private readonly Bound _followers = new(options.Value.MaxFollowers);
    private readonly Bound _exports = new(options.Value.MaxExports);

    /// <summary>Counts a follower until its response is sent.</summary>
    /// <exception cref="OverloadedException">There are too many.</exception>
    public void HoldFollower(HttpContext context) => Hold(
        context, _followers, $"{options.Value.MaxFollowers} requests for changes are open already (Flows:MaxFollowers). Try again.");

    /// <summary>Counts an export until its response is sent.</summary>
    /// <exception cref="OverloadedException">There are too many.</exception>
    public void HoldExport(HttpContext context) => Hold(
        context, _exports, $"{options.Value.MaxExports} exports are being sent already (Flows:MaxExports). Try again when one has ended.");

    private static void Hold(HttpContext context, Bound bound, string refusal)
    {
        if (!bound.TryAcquire(1))
            throw new OverloadedException(refusal);
        context.Response.OnCompleted(() =>
        {
            bound.Release(1);
            return Task.CompletedTask;
        });
    }
}
