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
        var (lag, areAway) = (new Dictionary<int, long>(), false);
        foreach (var partition in consumer.Assignment)
        {
            try
            {
                var isKnown = _stored.ContainsKey(partition);
                if (areAway && !isKnown)
                    continue; // the first partition has waited for all
                var ends = areAway || isKnown && !asksBrokers
                    ? consumer.GetWatermarkOffsets(partition)
                    : consumer.QueryWatermarkOffsets(partition, LongestQuestion);
                if (!ends.High.IsSpecial)
                    lag[partition.Partition.Value] = Math.Max(0, ends.High - Position(partition, ends.Low));
            }
            catch (KafkaException)
            {
                areAway = true; // what is known is told, and health says the rest
            }
        }

        return lag;
    }

    // What is fetched tells the end alone: the beginning is known only where the brokers were asked.
    private long Position(TopicPartition partition, Offset low)
    {
        if (!_stored.TryGetValue(partition, out var position))
        {
            var committed = consumer.Committed([partition], LongestQuestion)[0].Offset;
            position = committed.IsSpecial ? 0 : committed.Value;
        }

        return _stored[partition] = Math.Max(position, low.Value); // messages before the beginning are gone
    }
}
