using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

public sealed class SqliteMergeTests : MergeContract
{
    [Theory]
    [InlineData("visitor", false)]
    [InlineData("person", true)]
    public async Task WindowThatCannotBeReadIsToldAndNothingIsLost(string damaged, bool isAlias)
    {
        await Service.AcceptAsync(EventAt(-1, "visitor"), EventAt(-2, "person"));
        Service.Damage(damaged);
        var reply = await PostAsync("person", "visitor");
        Assert.Equal("window_unreadable", Text(reply.Problem(500), "code"));
        var aliases = (UserAliases)Service.Services.GetService(typeof(UserAliases))!;
        Assert.Equal(isAlias, aliases.Find("visitor") is not null);
        var windows = (IAliasWindows)Service.Services.GetService(typeof(IAliasWindows))!;
        var intact = damaged == "visitor" ? "person" : "visitor";
        Assert.Single((await windows.FindAsync(intact, Token))!.Stored.Window.Events);
    }

    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService(("Windows:RememberSeen", "true")));
}
