using System.Runtime.InteropServices;
using System.Text;

namespace ProfileService.TestServers.Kafka;

/// <summary>
/// Brokers that librdkafka brings for its own tests: they listen on loopback in this process and speak Kafka's protocol, consumer groups
/// included, so that other processes can use them. They keep the newest 5 MB of each partition in memory, and know no security.
/// </summary>
internal sealed class KafkaMockCluster : IDisposable
{
    private const int Producer = 0;
    private const int RebalanceDelay = 100; // ms that a new group waits for more members
    private const short CoordinatorLoading = 14; // an error after which clients try again

    private readonly nint _client;
    private readonly nint _cluster;
    private readonly int _brokers;

    public KafkaMockCluster(int brokers = 1)
    {
        var error = new byte[512];
        var settings = Native.NewSettings();
        Native.SetLog(settings, 0); // none
        _client = Native.New(Producer, settings, error, error.Length);
        if (_client == 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        _cluster = Native.NewCluster(_client, _brokers = brokers);
        Native.SetRebalanceDelay(_cluster, RebalanceDelay);
        BootstrapServers = Marshal.PtrToStringUTF8(Native.Bootstraps(_cluster))!;
        Client = new KafkaTestClient(BootstrapServers);
    }

    public string BootstrapServers { get; }

    /// <summary>Writes and reads topics of this cluster.</summary>
    public KafkaTestClient Client { get; }

    public void CreateTopic(string name, int partitions) => Check(Native.CreateTopic(_cluster, name, partitions, 1));

    /// <summary>Breaks all connections and takes no others.</summary>
    public void StopBrokers() => EachBroker(broker => Native.SetDown(_cluster, broker));

    public void StartBrokers() => EachBroker(broker => Native.SetUp(_cluster, broker));

    /// <summary>Refuses so many commits of offsets.</summary>
    public void RefuseCommits(int count) => Refuse(KafkaRequest.OffsetCommit, [.. Enumerable.Repeat((int)CoordinatorLoading, count)]);

    /// <summary>Answers the next requests of a kind with these errors; 0 is none.</summary>
    public void Refuse(KafkaRequest request, params int[] errors) =>
        Native.PushErrors(_cluster, (short)request, (nuint)errors.Length, errors);

    /// <summary>Answers requests of a kind again, whatever errors are left.</summary>
    public void RefuseNoMore(KafkaRequest request) => Native.ClearErrors(_cluster, (short)request);

    public void Dispose()
    {
        Client.Dispose();
        Native.DestroyCluster(_cluster);
        Native.Destroy(_client);
    }

    private void EachBroker(Func<int, int> change)
    {
        for (var broker = 1; broker <= _brokers; broker++)
            Check(change(broker));
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new InvalidOperationException($"The mock cluster reports {error}.");
    }

    private static class Native
    {
        private const string Library = "librdkafka";

        // Builds of the same version; the first needs a library of Kerberos, which few machines have.
        private static readonly string[] Builds = [Library, $"centos8-{Library}"];

        static Native() => NativeLibrary.SetDllImportResolver(
            typeof(Native).Assembly,
            (name, assembly, path) => name != Library ? 0
                : Builds.Select(b => NativeLibrary.TryLoad(b, assembly, path, out var handle) ? handle : 0).FirstOrDefault(h => h != 0));

        [DllImport(Library, EntryPoint = "rd_kafka_conf_new")]
        public static extern nint NewSettings();

        [DllImport(Library, EntryPoint = "rd_kafka_conf_set_log_cb")]
        public static extern void SetLog(nint settings, nint callback);

        [DllImport(Library, EntryPoint = "rd_kafka_new")]
        public static extern nint New(int type, nint settings, byte[] error, nint errorLength);

        [DllImport(Library, EntryPoint = "rd_kafka_destroy")]
        public static extern void Destroy(nint client);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
        public static extern nint NewCluster(nint client, int brokers);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
        public static extern void DestroyCluster(nint cluster);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
        public static extern nint Bootstraps(nint cluster);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
        public static extern void SetRebalanceDelay(nint cluster, int milliseconds);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_topic_create")]
        public static extern int CreateTopic(
            nint cluster, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, int partitions, int replicationFactor);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
        public static extern int SetDown(nint cluster, int broker);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
        public static extern int SetUp(nint cluster, int broker);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
        public static extern void PushErrors(nint cluster, short request, nuint count, int[] errors);

        [DllImport(Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
        public static extern void ClearErrors(nint cluster, short request);
    }
}
