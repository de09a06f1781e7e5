namespace ProfileService.Platform;

/// <summary>Feature of a request that this process sends to itself for a request from outside, which was counted already.</summary>
internal sealed record CountedRequest;
