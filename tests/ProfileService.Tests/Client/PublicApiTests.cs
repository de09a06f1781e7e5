using System.Reflection;
using System.Runtime.Loader;
using System.Runtime.Versioning;
using ProfileService.Client;
using PublicApiGenerator;

namespace ProfileService.Tests.Client;

/// <summary>What programs that use the client rely on.</summary>
public sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions Options = new() { IncludeAssemblyAttributes = false };

    [Fact]
    public void PublicApiIsTheAcceptedOne()
    {
        var api = typeof(ProfileServiceClient).Assembly.GeneratePublicApi(Options);
        Snapshot.Matches("src/ProfileService.Client/PublicApi.txt", $"{api.ReplaceLineEndings("\n").TrimEnd('\n')}\n");
    }

    [Fact]
    public async Task BuildForNet8HasTheSamePublicApiAndRunsHereToo()
    {
        using var service = new TestService();
        var context = new AssemblyLoadContext("net8.0");
        var assembly = context.LoadFromAssemblyPath(Repository.Program("ProfileService.Client", "ProfileService.Client.dll", "net8.0"));
        Assert.Equal(".NETCoreApp,Version=v8.0", assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName);
        Assert.Equal(typeof(ProfileServiceClient).Assembly.GeneratePublicApi(Options), assembly.GeneratePublicApi(Options));

        dynamic client = Activator.CreateInstance(assembly.GetType(typeof(ProfileServiceClient).FullName!)!, service.Client, null)!;
        Assert.True((await client.GetStatusAsync(TestContext.Current.CancellationToken)).Empty);
    }
}
