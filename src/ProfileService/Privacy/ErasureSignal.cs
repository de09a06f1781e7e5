using ProfileService.Platform;

namespace ProfileService.Privacy;

/// <summary>Signals the workers of this process that an erasure was asked for.</summary>
internal sealed class ErasureSignal(TimeProvider time) : Signal(time);
