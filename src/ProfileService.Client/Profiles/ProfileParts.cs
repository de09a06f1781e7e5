namespace ProfileService.Client;

/// <summary>Which parts of a profile to ask for.</summary>
[Flags]
public enum ProfileParts
{
    /// <summary>None; ask for one at least.</summary>
    None = 0,

    /// <summary>The vector.</summary>
    Vector = 1,

    /// <summary>Interests, activity, intent, price level, sentiment and attributes.</summary>
    Dimensions = 2,

    /// <summary>The events behind the profile with the attention that each was paid.</summary>
    Explanation = 4,

    /// <summary>What the service answers with unless asked otherwise.</summary>
    Default = Vector | Dimensions,
}
