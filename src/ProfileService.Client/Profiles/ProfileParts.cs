namespace ProfileService.Client;

/// <summary>Which parts of a profile to ask for.</summary>
[Flags]
public enum ProfileParts
{
    /// <summary>No part; a request needs at least one.</summary>
    None = 0,

    /// <summary>The vector.</summary>
    Vector = 1,

    /// <summary>Interests, activity, intent, price level, sentiment and attributes.</summary>
    Dimensions = 2,

    /// <summary>The events behind the profile, and how much each counts. It is computed on request.</summary>
    Explanation = 4,

    /// <summary>Vector and dimensions.</summary>
    Default = Vector | Dimensions,
}
