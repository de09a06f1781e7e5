namespace ProfileService.Platform.Settings;

/// <summary>Names the configuration section of an options class.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SectionAttribute(string name) : Attribute
{
    public string Name => name;
}
