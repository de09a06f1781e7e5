namespace ProfileService.Windows.Codec;

/// <summary>A window as it is stored.</summary>
/// <param name="Revision">See <see cref="StoredWindow"/>.</param>
/// <param name="Bytes">As <see cref="WindowCodec"/> wrote them.</param>
internal sealed record EncodedWindow(long Revision, byte[] Bytes)
{
    /// <summary>Stands for a stored window that was altered or cut.</summary>
    public static readonly EncodedWindow Altered = new(0, []);

    public bool IsAltered => Bytes.Length == 0;

    /// <summary>A window without events, for a user with attributes.</summary>
    public static EncodedWindow Empty(DateTimeOffset now) => new(StoredWindow.RevisionAfter(null, 1, now), [WindowCodec.Version]);
}
