namespace ProfileService.Client;

/// <summary>Users that have a profile by the active model.</summary>
/// <param name="Users">Ids that begin as asked, in the order of their UTF-8 bytes.</param>
/// <param name="Total">Number of users with a profile, at most two seconds old; 1,000,000 stands for that many or more.</param>
public sealed record FoundUsers(IReadOnlyList<string> Users, long Total);
