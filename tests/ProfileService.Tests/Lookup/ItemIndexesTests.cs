using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Model;

namespace ProfileService.Tests.Lookup;

/// <summary>The index of the items that requests share.</summary>
public sealed class ItemIndexesTests
{
    [Fact]
    public async Task RequestThatWaitedForTheFirstIndexTakesIt()
    {
        using var time = new StoppedTime();
        var indexes = new ItemIndexes(new ItemCatalogue(), time);
        var vectors = new ItemVectors(new float[6], 2, new Dictionary<string, long> { ["i1"] = 2 });
        var found = new ItemIndex?[2];
        var threads = Array.ConvertAll([0, 1], n => new Thread(() => found[n] = indexes.Of(vectors)) { IsBackground = true });
        threads[0].Start();
        await Eventually.IsTrueAsync(() => Task.FromResult(time.IsAsked)); // within the look
        threads[1].Start();
        await Eventually.IsTrueAsync(() => Task.FromResult(threads[1].ThreadState.HasFlag(ThreadState.WaitSleepJoin)));
        time.GoOn();
        Array.ForEach(threads, thread => thread.Join());
        Assert.NotNull(found[0]);
        Assert.Same(found[0], found[1]);
    }

    /// <summary>A clock that tells no time until it may go on.</summary>
    private sealed class StoppedTime : TimeProvider, IDisposable
    {
        private readonly ManualResetEventSlim _mayGoOn = new();
        private volatile bool _isAsked;

        public bool IsAsked => _isAsked;

        public void GoOn() => _mayGoOn.Set();

        public override long GetTimestamp()
        {
            _isAsked = true;
            _mayGoOn.Wait();
            return base.GetTimestamp();
        }

        public void Dispose() => _mayGoOn.Dispose();
    }
}
