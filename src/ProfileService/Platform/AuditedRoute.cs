namespace ProfileService.Platform;

/// <summary>Metadata of a route: each use stands in the audit log, whatever scopes it requires.</summary>
internal sealed class AuditedRoute;
