using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Privacy;

/// <summary>Section <c>Privacy</c>: what remains of erased users, and what is done about it at start.</summary>
[Section("Privacy")]
internal sealed class PrivacyOptions
{
    /// <summary>
    /// Key of the hashes in the ledger of erased users: 32 bytes in base64. Default empty: a key is made at the first start and kept beside
    /// the ledger. Must stay the same while there is a ledger.
    /// </summary>
    public string LedgerKey { get; set; } = "";

    /// <summary>
    /// Whether the start compares every user in the stores with the ledger, and erases again whoever was erased before. Set it once after a
    /// backup was restored. Default false.
    /// </summary>
    public bool Reconcile { get; set; }

    /// <summary>
    /// Time after which profiles and attributes of a user are deleted of whom nothing came: no event, no attributes, and no window is left.
    /// One day to 10 years, default 365 days; 0 keeps them.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan IdleTtl { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Whether the key is well-formed or empty.</summary>
    internal static bool IsKey(string text) => text.Length == 0 || Read(text) is not null;

    /// <summary>The key; null if it is empty or not well-formed.</summary>
    internal static byte[]? Read(string text)
    {
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) && length == UserHash.KeyBytes ? key[..length] : null;
    }
}
