using Confluent.Kafka;
using ProfileService.Intake;

namespace ProfileService.Kafka;

/// <summary>Settings of the Kafka client, which is librdkafka.</summary>
internal static class KafkaClients
{
    private const int MaxQueuedKilobytes = 8 << 10; // messages that were fetched and not taken yet; the client's default is 64 MiB
    private const int MaxFetchBytes = 4 << 20;
    private const int MinPollInterval = 300_000; // ms; the client's default

    public static ConsumerConfig Consumer(KafkaOptions options) => new(Client(options))
    {
        GroupId = options.Group,
        AutoOffsetReset = AutoOffsetReset.Earliest, // a new group begins with the oldest message
        // Offsets are committed by the client once a second, and when a partition is revoked, but only those that were stored, and they are
        // stored after the append.
        EnableAutoCommit = true,
        EnableAutoOffsetStore = false,
        AutoCommitIntervalMs = 1_000,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        MaxPollIntervalMs = Math.Max(MinPollInterval, (int)options.SessionTimeout.TotalMilliseconds), // the client refuses less
        HeartbeatIntervalMs = (int)Math.Min(3_000, options.SessionTimeout.TotalMilliseconds / 5),
        QueuedMaxMessagesKbytes = MaxQueuedKilobytes,
        FetchMaxBytes = MaxFetchBytes,
        FetchQueueBackoffMs = 10, // after a full queue; the client's default, a second, is for the queue of 64 MiB
    };

    public static ProducerConfig Producer(KafkaOptions options) => new(Client(options))
    {
        Acks = Acks.All,
        MessageMaxBytes = IntakeOptions.MostBodyBytes, // of dead letters; the brokers have their own limit
        MessageTimeoutMs = 10_000,
        LingerMs = 0,
    };

    private static ClientConfig Client(KafkaOptions options) => new()
    {
        ClientId = "ProfileService",
        BootstrapServers = options.BootstrapServers,
        SecurityProtocol = options.Security,
        SaslMechanism = options.UsesSasl ? Mechanism(options.SaslMechanism) : null,
        SaslUsername = GivenOrNull(options.Username),
        SaslPassword = GivenOrNull(options.Password),
        SslCaLocation = GivenOrNull(options.RootCertificate),
        SslCertificateLocation = GivenOrNull(options.ClientCertificate),
        SslKeyLocation = GivenOrNull(options.ClientKey),
        SslKeyPassword = GivenOrNull(options.ClientKeyPassword),
        SocketKeepaliveEnable = true,
        ReconnectBackoffMaxMs = 2_000,
    };

    private static SaslMechanism Mechanism(KafkaSasl sasl) => sasl switch
    {
        KafkaSasl.Plain => SaslMechanism.Plain,
        KafkaSasl.ScramSha256 => SaslMechanism.ScramSha256,
        _ => SaslMechanism.ScramSha512,
    };

    private static string? GivenOrNull(string value) => value.Length > 0 ? value : null;
}
