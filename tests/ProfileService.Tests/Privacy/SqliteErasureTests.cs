namespace ProfileService.Tests.Privacy;

public sealed class SqliteErasureTests : ErasureContract
{
    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());
}
