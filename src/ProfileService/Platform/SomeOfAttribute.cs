namespace ProfileService.Platform;

/// <summary>Lists the words of which a query parameter has one or several, separated by commas, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class SomeOfAttribute(params string[] words) : Attribute
{
    public IReadOnlyList<string> Words => words;
}
