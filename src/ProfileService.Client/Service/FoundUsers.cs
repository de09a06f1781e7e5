namespace ProfileService.Client;

/// <summary>Users that have a profile by the active model.</summary>
/// <param name="Users">Those asked for, by id.</param>
/// <param name="Total">How many there are in all.</param>
public sealed record FoundUsers(IReadOnlyList<string> Users, long Total);
