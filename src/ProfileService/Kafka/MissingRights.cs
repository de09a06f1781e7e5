using Confluent.Kafka;

namespace ProfileService.Kafka;

/// <summary>
/// The rights without which the brokers give no messages. A client tells once for each partition that the topic may not be read, and time
/// and again that the group may not be joined. Any thread may ask for the text.
/// </summary>
internal sealed class MissingRights(KafkaOptions options)
{
    private volatile bool _isTopicRefused;
    private volatile bool _isGroupRefused;

    /// <summary>The right that is missing; null if none is.</summary>
    public string? Text => _isGroupRefused ? $"Read of the group {options.Group}"
        : _isTopicRefused ? $"Read of the topic {options.Topic}"
        : null;

    public void Note(ErrorCode code)
    {
        _isTopicRefused |= code == ErrorCode.TopicAuthorizationFailed;
        _isGroupRefused |= code == ErrorCode.GroupAuthorizationFailed;
    }

    /// <summary>The group gives partitions, perhaps none beside those from before. Of new ones the client tells again.</summary>
    public void NoteAssigned(IReadOnlyCollection<TopicPartition> partitions)
    {
        _isGroupRefused = false;
        if (partitions.Count > 0)
            _isTopicRefused = false;
    }

    /// <summary>A message came.</summary>
    public void Forget() => (_isTopicRefused, _isGroupRefused) = (false, false);
}
