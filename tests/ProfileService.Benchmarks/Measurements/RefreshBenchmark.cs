using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Model;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>From due to stored: against inference alone, against the store work alone, and against one user at a time.</summary>
internal static class RefreshBenchmark
{
    private const int SampleWindows = 512; // that bare inference goes round in
    private const int UsersOneByOne = 20; // times fewer, for they take so much longer
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(.15);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench) => [.. await OfReferenceAsync(bench), await OverheadAsync(bench)];

    private static async Task<IEnumerable<Metric>> OfReferenceAsync(Bench bench)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Plain);
        using var oneByOne = await ServiceUnderTest.StartAsync(
            await bench.Servers.NewStoresAsync(), ReferencePackage.Plain, "--Refresh:MaxBatch=1", "--Refresh:MaxWait=00:00:00");
        await using var stores = new ServiceStores(service.Stores);
        await using var storesOneByOne = new ServiceStores(oneByOne.Stores);
        var due = new DueUsers(service, stores, await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation));
        var dueOneByOne = new DueUsers(oneByOne, storesOneByOne, await oneByOne.FillAsync(Math.Max(1, bench.Users / UsersOneByOne), Bench.WindowLength, bench.Cancellation));
        using var bare = BareInference.Best(ReferencePackage.Plain, await SampleAsync(bench, stores), Bench.WindowLength, Look);
        bench.Notes.Add($"refresh.efficiency: bare inference is fastest in {bare}.");

        const string refresh = "refresh", inference = "bare inference", single = "refresh, one user a run";
        var figures = await bench.Rounds.RunAsync(
            (refresh, async () => (await due.RefreshAsync(bench.Cancellation)).PerSecond),
            (inference, () => Task.Run(() => bare.UsersPerSecond(bench.Span))),
            (single, async () => (await dueOneByOne.RefreshAsync(bench.Cancellation)).PerSecond));
        return
        [
            figures.Ratio("refresh.efficiency", refresh, inference, "users/s", Goal.AtLeast(.7)),
            figures.Ratio("refresh.batching_gain", refresh, single, "users/s", Goal.AtLeast(3)),
        ];
    }

    private static async Task<Metric> OverheadAsync(Bench bench)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Shipped);
        await using var stores = new ServiceStores(service.Stores);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var due = new DueUsers(service, stores, users);
        using var bare = BareInference.Best(ReferencePackage.Shipped, await SampleAsync(bench, stores), Bench.WindowLength, Look);
        using var store = new BareStore(service.Stores, users.Count, ModelPackage.Read(Repository.Path(ReferencePackage.Shipped)).Manifest.Dimension);

        const string refresh = "refresh, CPU", inference = "bare inference, CPU", work = "bare store work, CPU";
        var shares = new StoreShares(users.Count);
        var figures = await bench.Rounds.RunAsync(
            (refresh, () => shares.OfAsync(refresh, async () => (await due.RefreshAsync(bench.Cancellation)).CpuEach)),
            (inference, () => Task.Run(() => bare.CpuPerUser(bench.Span))),
            (work, () => shares.OfAsync(work, store.CpuPerUserAsync)));
        bench.Notes.Add($"refresh.overhead: of the service's CPU time a user, inference is {Spread.Of(figures[inference]).Text("0")} µs.");
        var (ofRefresh, ofWork) = (shares.Text(refresh, bench.RoundCount), shares.Text(work, bench.RoundCount));
        bench.Notes.Add($"refresh.overhead: of the stores' CPU time a user, in µs: refresh {ofRefresh}; bare store work {ofWork}.");
        return Metric.Ratio("refresh.overhead", [.. figures[refresh].Zip(figures[inference], (all, model) => all - model)], figures[work], "CPU µs/user", Goal.AtMost(3));
    }

    private static Task<IReadOnlyList<Windows.Window>> SampleAsync(Bench bench, ServiceStores stores) =>
        stores.FindAsync(Cli.Load.LoadUsers.Named(Math.Min(SampleWindows, bench.Users)), bench.Cancellation);
}
