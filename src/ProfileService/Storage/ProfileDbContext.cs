using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProfileService.Storage;

/// <summary>The tables of the service. The derived classes have what differs between databases.</summary>
internal abstract class ProfileDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Profile> Profiles => Set<Profile>();

    public DbSet<AttributesRow> Attributes => Set<AttributesRow>();

    public DbSet<ServedModel> ServedModel => Set<ServedModel>();

    public DbSet<ItemRow> Items => Set<ItemRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<AuditRow> AuditLog => Set<AuditRow>();

    /// <summary>Applies pending migrations; writes nothing if there are none.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores profiles of different users in one transaction, each unless a newer revision is already stored. Returns the number of
    /// profiles stored, and the active model.
    /// </summary>
    public Task<(int Stored, string? ServedModel)> UpsertAsync(IReadOnlyList<Profile> profiles, CancellationToken cancellationToken) =>
        UpsertAsync(UpsertRules.Profiles, profiles, cancellationToken);

    /// <summary>Stores the attributes of different users in one transaction, and replaces those they had.</summary>
    public Task UpsertAsync(IReadOnlyList<AttributesRow> users, CancellationToken cancellationToken) =>
        UpsertAsync(UpsertRules.Attributes, users, cancellationToken);

    /// <summary>Stores different items in one transaction, and gives them the highest revisions.</summary>
    public Task UpsertAsync(IReadOnlyList<ItemRow> items, CancellationToken cancellationToken) =>
        UpsertAsync(UpsertRules.Items, items, cancellationToken);

    /// <summary>SQL for the new rows: a table <c>given</c> of these columns, and a column <c>place</c> that numbers the rows.</summary>
    private protected abstract string Given(IEnumerable<string> columns);

    /// <summary>SQL for the order in which rows are stored, by the key's columns; empty for any order.</summary>
    private protected virtual string OrderBy(IEnumerable<string> key) => "";

    /// <summary>Stores rows of different keys in one transaction. Returns their number, and the result of the rules' query.</summary>
    private protected abstract Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, CancellationToken cancellationToken);

    private Task<(int Stored, string? Answer)> UpsertAsync<TRow>(
        UpsertRules rules, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
        where TRow : class
    {
        var table = Model.FindEntityType(typeof(TRow))!;
        var upsert = table.GetOrAddRuntimeAnnotationValue(nameof(Upsert), _ => new Upsert(table, rules, Given, OrderBy), this); // made once
        return StoreAsync(upsert, rows, cancellationToken);
    }

    // Databases without time zones return times of unspecified kind; all stored times are UTC.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var profile = modelBuilder.Entity<Profile>().ToTable("profiles");
        profile.HasKey(p => new { p.UserId, p.Model });
        profile.Property(p => p.UserId).HasColumnName("user_id");
        profile.Property(p => p.Model).HasColumnName("model");
        profile.Property(p => p.Digest).HasColumnName("digest").HasDefaultValue("");
        profile.Ignore(p => p.Stamp);
        profile.Ignore(p => p.Space);
        profile.Property(p => p.Revision).HasColumnName("revision");
        profile.Property(p => p.EventCount).HasColumnName("event_count");
        profile.Property(p => p.EventsThrough).HasColumnName("events_through");
        profile.Property(p => p.ComputedAt).HasColumnName("computed_at");
        profile.Property(p => p.Vector).HasColumnName("vector");
        profile.Property(p => p.Evidence).HasColumnName("evidence");
        profile.Property(p => p.Dimensions).HasColumnName("dimensions");

        var attributes = modelBuilder.Entity<AttributesRow>().ToTable("attributes");
        attributes.HasKey(a => a.UserId);
        attributes.Property(a => a.UserId).HasColumnName("user_id");
        attributes.Property(a => a.Values).HasColumnName("attributes");
        attributes.Property(a => a.UpdatedAt).HasColumnName("updated_at");

        var served = modelBuilder.Entity<ServedModel>().ToTable("served_model");
        served.Property(s => s.Id).HasColumnName("id").ValueGeneratedNever();
        served.Property(s => s.Model).HasColumnName("model");

        var item = modelBuilder.Entity<ItemRow>().ToTable("items");
        item.HasKey(i => i.ItemId);
        item.HasIndex(i => i.Revision);
        item.Property(i => i.ItemId).HasColumnName("item_id");
        item.Property(i => i.Categories).HasColumnName("categories");
        item.Property(i => i.Price).HasColumnName("price");
        item.Property(i => i.Title).HasColumnName("title");
        item.Property(i => i.Labels).HasColumnName("labels");
        item.Property(i => i.Content).HasColumnName("content");
        item.Property(i => i.UpdatedAt).HasColumnName("updated_at");
        item.Property(i => i.Revision).HasColumnName("revision").ValueGeneratedNever();

        var key = modelBuilder.Entity<ApiKeyRow>().ToTable("api_keys");
        key.Property(k => k.Id).HasColumnName("id");
        key.Property(k => k.Name).HasColumnName("name");
        key.Property(k => k.Hash).HasColumnName("hash");
        key.Property(k => k.Scopes).HasColumnName("scopes");
        key.Property(k => k.CreatedAt).HasColumnName("created_at");
        key.Property(k => k.ExpiresAt).HasColumnName("expires_at");
        key.Property(k => k.RevokedAt).HasColumnName("revoked_at");
        key.Property(k => k.LastUsedAt).HasColumnName("last_used_at");
        key.Property(k => k.Requests).HasColumnName("requests");
        key.Property(k => k.Events).HasColumnName("events");
        key.Property(k => k.Users).HasColumnName("users");

        var audit = modelBuilder.Entity<AuditRow>().ToTable("audit_log");
        audit.HasKey(a => a.Sequence);
        audit.Property(a => a.Sequence).HasColumnName("sequence").ValueGeneratedNever();
        audit.Property(a => a.At).HasColumnName("at");
        audit.Property(a => a.Caller).HasColumnName("caller");
        audit.Property(a => a.Action).HasColumnName("action");
        audit.Property(a => a.UserHash).HasColumnName("user_hash");
        audit.Property(a => a.Status).HasColumnName("status");
        audit.Property(a => a.Count).HasColumnName("count");
        audit.Property(a => a.TraceId).HasColumnName("trace_id");
        audit.Property(a => a.Hash).HasColumnName("hash");
    }

    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(t => t, t => DateTime.SpecifyKind(t, DateTimeKind.Utc));
}
