namespace ProfileService.Platform;

/// <summary>Feature of a request: the users whom its body names, for the audit log.</summary>
internal sealed record AuditedUsers(IReadOnlyList<string> Ids);
