using Confluent.Kafka;

namespace ProfileService.Kafka;

/// <summary>Up to where each partition is stored, and how far that is behind its end.</summary>
internal sealed class PartitionPositions(IConsumer<byte[]?, byte[]?> consumer)
{
    private static readonly TimeSpan LongestQuestion = TimeSpan.FromSeconds(1);

    private readonly Dictionary<TopicPartition, long> _stored = [];

    public void Set(TopicPartition partition, long offset) => _stored[partition] = offset;

    public void Forget(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            _stored.Remove(partition);
    }

    /// <summary>Messages between position and end, by partition; partitions of which one of the two is not known are left out.</summary>
    /// <param name="asksBrokers">Whether the ends must be asked for, because nothing is fetched that would tell.</param>
    public IReadOnlyDictionary<int, long> Lag(bool asksBrokers)
    {
        var lag = new Dictionary<int, long>();
        try
        {
            foreach (var partition in consumer.Assignment)
            {
                var ends = asksBrokers
                    ? consumer.QueryWatermarkOffsets(partition, LongestQuestion)
                    : consumer.GetWatermarkOffsets(partition);
                if (!ends.High.IsSpecial)
                    lag[partition.Partition.Value] = Math.Max(0, ends.High - Position(partition, ends.Low));
            }
        }
        catch (KafkaException)
        {
            // The brokers are away; what is known is told, and health says the rest.
        }

        return lag;
    }

    private long Position(TopicPartition partition, Offset low)
    {
        if (_stored.TryGetValue(partition, out var stored))
            return stored;
        var committed = consumer.Committed([partition], LongestQuestion)[0].Offset;
        return _stored[partition] = committed.IsSpecial ? Math.Max(0, low.Value) : committed.Value;
    }
}
