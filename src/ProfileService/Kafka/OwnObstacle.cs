using ProfileService.Model;
using ProfileService.Windows.Redis;

namespace ProfileService.Kafka;

/// <summary>
/// A wrong setting that keeps this process from storing events, while others of the group may be able to: its package is not the active
/// model, or its <c>Windows:Partitions</c> are not those of Redis.
/// </summary>
internal sealed class OwnObstacle(ModelRegistry models, RedisPartitionGuard? partitions = null)
{
    /// <summary>What is wrong and what to do; null if nothing is.</summary>
    public async Task<string?> FindAsync()
    {
        if (models.Status == ModelStatus.Other)
            return models.Advice;
        if (partitions?.Problem is null)
            return null;
        await partitions.LookAsync(); // others look too seldom for a group that waits
        return partitions.Problem;
    }
}
