namespace ProfileService.TestServers.Kafka;

/// <summary>Requests of Kafka's protocol, by their numbers.</summary>
internal enum KafkaRequest
{
    Produce = 0,
    Fetch = 1,
    OffsetCommit = 8,
    JoinGroup = 11,
    Heartbeat = 12,
}
