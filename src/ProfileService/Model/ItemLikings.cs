using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// <c>likings.f32</c>: how much users liked each item, from -1 to 1, drawn to the mean of all items where few judged it. The rows are those
/// of <see cref="ItemVectors"/>; the first one has the mean.
/// </summary>
internal sealed class ItemLikings
{
    public const string FileName = "likings.f32";

    private readonly float[] _likings;

    private ItemLikings(float[] likings) => _likings = likings;

    /// <summary>Of an item that nobody judged.</summary>
    public float Mean => _likings[0];

    public float this[int row] => _likings[row];

    /// <summary>The likings of a package; null if it has none.</summary>
    public static ItemLikings? Of(ModelPackage package) =>
        package.Bytes(FileName) is { } bytes ? new ItemLikings(MemoryMarshal.Cast<byte, float>(bytes).ToArray()) : null;

    /// <summary>Returns what is wrong with a package's file, or null.</summary>
    public static string? Problem(ModelPackage package)
    {
        if (package.Bytes(FileName) is not { } bytes)
            return null;
        if (package.Bytes(ItemVectors.FileName) is null || package.Manifest.Inputs.Items.Size is not { } size)
            return $"likings are of items that have vectors, and {ItemVectors.FileName} is missing.";
        var expected = (long)(IndexEncoding.First + size) * sizeof(float);
        if (bytes.Length != expected)
            return $"it has {bytes.Length:N0} bytes; {IndexEncoding.First + size:N0} rows have {expected:N0}.";
        foreach (var liking in MemoryMarshal.Cast<byte, float>(bytes))
        {
            if (!(liking is >= -1 and <= 1))
                return "it contains a number that is not from -1 to 1.";
        }

        return null;
    }
}
