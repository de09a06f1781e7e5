using System.Globalization;
using System.Text;
using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Cli.Tasks;

/// <summary>
/// The users that a package was not trained on, so that it can be asked about people it never saw: one part of several, by a hash of the
/// id. Its twin in training is held_out_users.py.
/// </summary>
internal sealed record HeldOutUsers(uint Part, uint Parts)
{
    private const string Name = "heldOutUsers"; // in the manifest's training
    private const uint Polynomial = 0xedb88320; // of zlib's CRC-32

    /// <summary>Whether the package held anybody out; without that, everybody is asked.</summary>
    public bool Any => Parts > 1;

    /// <exception cref="InvalidDataException">The manifest does not say it as training writes it.</exception>
    public static HeldOutUsers Of(ModelManifest manifest)
    {
        if (manifest.Training is not { ValueKind: JsonValueKind.Object } training || !training.TryGetProperty(Name, out var text)
            || text.ToString() is "")
            return new(0, 1);
        return text.ToString().Split('/') is [var part, var parts] && TryNumber(part, out var p) && TryNumber(parts, out var n) && p < n
            ? new(p, n)
            : throw new InvalidDataException($"{manifest.Id}: training.{Name} in {ModelManifest.FileName} is not PART/PARTS, such as 0/5.");
    }

    public bool Contains(string userId) => Crc32(Encoding.UTF8.GetBytes(userId)) % Parts == Part;

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : Polynomial);
        }

        return ~crc;
    }
}
