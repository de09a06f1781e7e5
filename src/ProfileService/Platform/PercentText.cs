using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace ProfileService.Platform;

/// <summary>Percent-encoded text, as in addresses (RFC 3986, section 2.1).</summary>
internal static partial class PercentText
{
    /// <summary>Decodes text, in which a plus is a plus; null if it has a % without two digits, or its bytes are not UTF-8.</summary>
    public static string? Decode(string encoded)
    {
        if (BrokenEscape().IsMatch(encoded))
            return null;
        var bytes = Encoding.UTF8.GetBytes(encoded.Replace("+", "%2B", StringComparison.Ordinal));
        var text = WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : null;
    }

    /// <summary>What is wrong with text that cannot be decoded.</summary>
    public static string NotValid(string name) =>
        $"{name} is not valid: write it as UTF-8, with %XX for bytes that a URL cannot contain, and %25 for a %.";

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEscape();
}
