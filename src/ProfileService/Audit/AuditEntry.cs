namespace ProfileService.Audit;

/// <summary>One request that the audit log must name, or several of the same kind.</summary>
/// <param name="At">When the last of them was made.</param>
/// <param name="TraceId">The trace of the last of them.</param>
internal sealed record AuditEntry(DateTime At, string Caller, string Action, string UserHash, int Status, string TraceId, int Count = 1)
{
    /// <summary>Requests that are equal in this become one row, so that a flood of refusals does not fill the database.</summary>
    public AuditKey Key => new(Caller, Action, UserHash, Status);
}

/// <summary>What is equal in all requests of one row.</summary>
internal readonly record struct AuditKey(string Caller, string Action, string UserHash, int Status);
