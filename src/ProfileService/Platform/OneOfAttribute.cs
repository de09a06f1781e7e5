namespace ProfileService.Platform;

/// <summary>Lists the words that a text may be, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words => words;
}
