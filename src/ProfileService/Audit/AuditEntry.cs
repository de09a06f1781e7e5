namespace ProfileService.Audit;

/// <summary>One request that the audit log must name.</summary>
internal sealed record AuditEntry(DateTime At, string Caller, string Action, string UserHash, int Status, string TraceId)
{
    /// <summary>Requests that are equal in this become one row, so that a flood of refusals does not fill the database.</summary>
    public (string, string, string, int) Kind => (Caller, Action, UserHash, Status);
}
