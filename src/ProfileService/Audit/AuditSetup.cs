namespace ProfileService.Audit;

internal static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddSingleton<AuditLog>().AddSingleton<AuditStore>().AddSingleton<AuditWorker>();
}
