using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(ProfileService.Tests.LongestFirst))]

namespace ProfileService.Tests;

/// <summary>
/// Starts the classes that need the most first: they wait for servers and processes while others compute, and the last classes of a run
/// should be short. Among equals the order is that of their names' hash, the same in each run.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private const string OfClass = "Test collection for ";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(collection => Weight(collection.TestCollectionDisplayName)).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    /// <summary>Of a collection by its name: a class of its own, or one of several.</summary>
    internal static int Weight(string collection) =>
        collection.StartsWith(OfClass, StringComparison.Ordinal)
            ? Type.GetType(collection[OfClass.Length..].Split(' ')[0])?.GetCustomAttribute<NeedsAttribute>()?.Weight ?? 0
            : 0;
}
