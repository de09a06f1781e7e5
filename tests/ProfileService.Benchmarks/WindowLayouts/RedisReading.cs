namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>Counters of a Redis at one moment.</summary>
/// <param name="Cpu">Microseconds that its main thread has computed, in user and system mode.</param>
/// <param name="FileBytes">Length of the append-only file.</param>
/// <param name="NetworkBytes">Received and sent.</param>
internal readonly record struct RedisReading(double Cpu, double FileBytes, double NetworkBytes)
{
    public static RedisReading operator -(RedisReading later, RedisReading earlier) =>
        new(later.Cpu - earlier.Cpu, later.FileBytes - earlier.FileBytes, later.NetworkBytes - earlier.NetworkBytes);
}
