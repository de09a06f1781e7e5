using Xunit.v3;

namespace ProfileService.Tests;

/// <summary>What a test has besides this process.</summary>
internal enum Need
{
    /// <summary>A Redis, a PostgreSQL, or what stands before one.</summary>
    Server,

    /// <summary>The service or the command as a process of its own.</summary>
    Process,

    Browser,
}

/// <summary>Says what the tests of a class need; <c>./test fast</c> leaves them out. <see cref="NeedsTests"/> holds the code to it.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsAttribute(params Need[] needs) : Attribute, ITraitAttribute
{
    public const string Trait = "needs";

    /// <summary>Greater for a class that takes longer, see <see cref="LongestFirst"/>.</summary>
    public int Weight => needs.Sum(need => need switch { Need.Process => 4, Need.Server => 2, _ => 1 });

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [.. needs.Select(need => KeyValuePair.Create(Trait, need.ToString().ToLowerInvariant()))];
}
