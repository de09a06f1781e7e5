using System.Runtime.Loader;
using ProfileService.Client;
using PublicApiGenerator;

namespace ProfileService.Tests.Client;

/// <summary>What programs that use the client rely on.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    [Fact]
    public void PublicApiIsTheAcceptedOne() => Snapshot.Matches(
        "src/ProfileService.Client/PublicApi.txt", $"{typeof(ProfileServiceClient).Assembly.GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd('\n')}\n");

    [Fact]
    public async Task BuildForNet8HasTheSamePublicApiAndRunsHereToo()
    {
        using var service = new TestService();
        var context = new AssemblyLoadContext("net8.0");
        var assembly = context.LoadFromAssemblyPath(Repository.Program("ProfileService.Client", "ProfileService.Client.dll", "net8.0"));
        Assert.Contains("v8.0", assembly.CustomAttributes.Single(a => a.AttributeType.Name == "TargetFrameworkAttribute").ConstructorArguments[0].Value!.ToString()!, StringComparison.Ordinal);
        Assert.Equal(typeof(ProfileServiceClient).Assembly.GeneratePublicApi(Options), assembly.GeneratePublicApi(Options));

        dynamic client = Activator.CreateInstance(assembly.GetType(typeof(ProfileServiceClient).FullName!)!, service.Client, null)!;
        Assert.True((await client.GetStatusAsync(TestContext.Current.CancellationToken)).Empty);
    }
}
