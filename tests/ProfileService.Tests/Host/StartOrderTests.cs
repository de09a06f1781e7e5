using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProfileService.Host;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Refresh;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows.Redis;

namespace ProfileService.Tests.Host;

/// <summary>The order of start.</summary>
[Needs(Need.Server)]
public sealed class StartOrderTests(TestServers servers)
{
    private static readonly Type[] Types = typeof(StartOrder).Assembly.GetTypes();

    private static readonly Type[] Hosted = [.. Types.Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IHostedService)))];

    // The parts of the process itself, which have their names from what they are.
    private static readonly Type[] Process = [typeof(Listening), typeof(ManagementServer), typeof(Drain)];

    /// <summary>What can be used only when a part has started, and the part.</summary>
    public static TheoryData<Type, Type> Readied => new()
    {
        { typeof(RedisConnection), typeof(RedisStart) },
        { typeof(IDbContextFactory<ProfileDbContext>), typeof(SchemaStart) },
        { typeof(PgvectorTable), typeof(PgvectorStart) },
        { typeof(ItemCatalogue), typeof(CatalogueWorker) },
        { typeof(ModelRegistry), typeof(RolloutWorker) },
    };

    [Fact]
    public void EveryHostedServiceHasItsPlaceThereAndNowhereElse()
    {
        Assert.Equal(Hosted.Select(type => type.Name).Order(), Order().Select(type => type.Name).Order());
        var adding = Directory.EnumerateFiles(Repository.Path("src/ProfileService"), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("AddHostedService", StringComparison.Ordinal));
        Assert.Equal(["StartOrder.cs"], adding.Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Readied))]
    public void WhatAPartWorksWithIsReadyBeforeItStarts(Type needed, Type readiedBy)
    {
        var order = Order();
        var users = order.Where(part => part != readiedBy && NeedsOf(part).Contains(needed)).ToList();
        Assert.NotEmpty(users);
        Assert.All(users, part =>
            Assert.True(order.IndexOf(part) > order.IndexOf(readiedBy), $"{part.Name} starts before {readiedBy.Name}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ServiceStartsInThisOrderAndOpensItsEndpointsLast(bool onServers)
    {
        using var service = new TestService(onServers ? await SettingsAsync() : []);
        var started = service.Services.GetServices<IHostedService>().Select(hosted => hosted.GetType()).ToList();
        var own = started.Where(Hosted.Contains).ToList();
        Assert.True(own.Count > Process.Length);
        Assert.Equal(Order().Where(own.Contains), own);
        Assert.Equal("GenericWebHostService", started[^1].Name);
    }

    [Fact]
    public void NameTellsWhatIsDoneOnceAndWhatGoesOn() => Assert.All(Hosted.Except(Process), type =>
        Assert.EndsWith(type.IsAssignableTo(typeof(BackgroundService)) ? "Worker" : "Start", type.Name, StringComparison.Ordinal));

    /// <summary>The parts in their order, as if the settings left out none.</summary>
    private static List<Type> Order()
    {
        var services = new ServiceCollection();
        foreach (var type in Hosted)
            services.AddSingleton(type);
        services.AddStartOrder();
        return [.. services.Select(TestService.HostedTypeOf).OfType<Type>()];
    }

    /// <summary>The types that a type's constructors ask for, and theirs, and so on.</summary>
    private static HashSet<Type> NeedsOf(Type type)
    {
        var (needs, open) = (new HashSet<Type>(), new Stack<Type>([type]));
        while (open.TryPop(out var next))
        {
            foreach (var need in next.GetConstructors().SelectMany(c => c.GetParameters()).Select(p => p.ParameterType).Where(needs.Add))
            {
                foreach (var made in Types.Where(t => t.IsClass && t.IsAssignableTo(need)))
                    open.Push(made);
            }
        }

        return needs;
    }

    private async Task<(string, string)[]> SettingsAsync()
    {
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", postgres),
            ("Events:Archive", "Postgres"),
        ];
    }
}
