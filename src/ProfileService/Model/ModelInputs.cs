namespace ProfileService.Model;

/// <summary>The graph's inputs for a batch of B windows of up to L events; all padding when made.</summary>
internal sealed class ModelInputs(int users, int length, int attributeCount)
{
    public int Users => users;

    public int Length => length;

    public int AttributeCount => attributeCount;

    public long[] Items { get; } = new long[users * length]; // [B, L]

    public long[] Kinds { get; } = new long[users * length]; // [B, L]

    public long[] Categories { get; } = new long[users * length]; // [B, L]

    public long[] Gaps { get; } = new long[users * length]; // [B, L]

    public float[] Values { get; } = new float[users * length]; // [B, L]

    public long[] Attributes { get; } = new long[users * attributeCount]; // [B, A]

    public int At(int user, int position) => user * length + position;
}
