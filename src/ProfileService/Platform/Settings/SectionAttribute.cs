namespace ProfileService.Platform.Settings;

/// <summary>The section of the configuration that an options class is read from.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SectionAttribute(string name) : Attribute
{
    public string Name => name;
}
