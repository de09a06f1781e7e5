using Microsoft.Extensions.Time.Testing;
using ProfileService.Intake;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows;

/// <summary>What the contracts of windows and due queue share: both of one store, with a clock and settings of the test's own.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private TestStores? _stores;

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected WindowOptions Settings { get; } =
        new() { MaxEvents = 5, MaxAge = TimeSpan.FromDays(10), IdleTtl = TimeSpan.FromDays(20) };

    private protected IWindowStore Windows => _stores!.Windows;

    private protected IDueQueue Queue => _stores!.Queue;

    private protected IWindowEraser Eraser => _stores!.Eraser;

    private protected IErasureMarks Marks => _stores!.Marks;

    private protected UserAliases Aliases => _stores!.Aliases;

    private protected WindowMover Mover => _stores!.Mover;

    private protected IAliasWindows AliasWindows => _stores!.AliasWindows;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options);

    public async ValueTask InitializeAsync() => _stores = await CreateAsync(Time, Settings);

    public ValueTask DisposeAsync()
    {
        _stores?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected Task<IReadOnlyList<Verdict>> AppendAsync(params WindowEvent[] events) => Windows.AppendAsync(events, Token);

    /// <summary>Moves what lies under an alias of the person.</summary>
    private protected Task<int> MoveAsync(string alias, string person, long erasedBefore = 0) =>
        Mover.MoveAsync(alias, _ => Task.FromResult<UserAlias?>(new UserAlias(person, erasedBefore)), Token);

    private protected Task<IReadOnlyList<Claim>> ClaimAsync() => Queue.ClaimDueAsync(100, Lease, Token);

    private protected async Task<long> RevisionAsync() => (await Windows.FindAsync("u1", Token))!.Revision;
}
