namespace ProfileService.Platform;

/// <summary>A field of a request whose value null has a meaning, for the OpenAPI document.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class OrNullAttribute : Attribute;
