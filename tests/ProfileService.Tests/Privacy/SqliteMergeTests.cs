namespace ProfileService.Tests.Privacy;

public sealed class SqliteMergeTests : MergeContract
{
    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());
}
