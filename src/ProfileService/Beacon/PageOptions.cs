using ProfileService.Platform.Settings;

namespace ProfileService.Beacon;

/// <summary>Section <c>Cors</c>: whose pages may send events.</summary>
[Section("Cors")]
internal sealed class PageOptions
{
    /// <summary>
    /// Origins of the pages that may send events to <c>/v1/beacon</c>, such as <c>https://shop.example</c>, as a browser writes them; http
    /// for loopback names only. Default none: the address is 404.
    /// </summary>
    public string[] Origins { get; set; } = [];
}
