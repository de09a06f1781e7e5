namespace ProfileService.Platform;

/// <summary>A text that is one of a few words, for the description of the API; in a query several of them, separated by commas.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words => words;
}
