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

    public DbSet<ErasedUser> ErasedUsers => Set<ErasedUser>();

    public DbSet<PendingErasure> PendingErasures => Set<PendingErasure>();

    public DbSet<Erasure> Erasures => Set<Erasure>();

    public DbSet<ErasureWatcher> ErasureWatchers => Set<ErasureWatcher>();

    public DbSet<LedgerKey> LedgerKeys => Set<LedgerKey>();

    public DbSet<PurposesRow> Purposes => Set<PurposesRow>();

    public DbSet<AliasRow> Aliases => Set<AliasRow>();

    public DbSet<AliasSequence> AliasSequences => Set<AliasSequence>();

    public DbSet<ServedStamp> ServedStamps => Set<ServedStamp>();

    public DbSet<AggregateRelease> AggregateReleases => Set<AggregateRelease>();

    /// <summary>Applies pending migrations; writes nothing if there are none.</summary>
    public abstract Task MigrateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores profiles of different users in one transaction, each unless a newer revision is already stored. Returns the number of
    /// profiles stored, and the active model.
    /// </summary>
    /// <param name="hashes">Hashes of the users' ids, in the order of the profiles; empty texts while their key is not set.</param>
    public Task<(int Stored, string? ServedModel)> UpsertAsync(
        IReadOnlyList<Profile> profiles, IReadOnlyList<string> hashes, CancellationToken cancellationToken) =>
        UpsertAsync(ProfileRules, profiles, cancellationToken, hashes);

    /// <summary>Stores the attributes of different users in one transaction, and replaces those they had.</summary>
    public Task UpsertAsync(IReadOnlyList<AttributesRow> users, CancellationToken cancellationToken) =>
        UpsertAsync(UpsertRules.Attributes, users, cancellationToken);

    /// <summary>Stores different items in one transaction, and gives them the highest revisions.</summary>
    public Task UpsertAsync(IReadOnlyList<ItemRow> items, CancellationToken cancellationToken) =>
        UpsertAsync(ItemRules, items, cancellationToken);

    /// <summary>As <see cref="UpsertAsync(IReadOnlyList{ItemRow}, CancellationToken)"/>, but leaves items alone that have a row.</summary>
    public Task AddMissingAsync(IReadOnlyList<ItemRow> items, CancellationToken cancellationToken) =>
        UpsertAsync(ItemRules with { Replaces = "false" }, items, cancellationToken);

    /// <summary>The last number of a change that can be read, and the last one that was given.</summary>
    public abstract Task<(long Readable, long Given)> FindChangeNumbersAsync(CancellationToken cancellationToken);

    /// <summary>The rules of profiles, with the numbers of their changes.</summary>
    private protected abstract UpsertRules ProfileRules { get; }

    private protected virtual UpsertRules ItemRules => UpsertRules.Items;

    /// <summary>SQL for the new rows: a table <c>given</c> of these columns, and a column <c>place</c> that numbers the rows.</summary>
    private protected abstract string Given(IEnumerable<string> columns);

    /// <summary>SQL for the order in which rows are stored, by the key's columns; empty for any order.</summary>
    private protected virtual string OrderBy(IEnumerable<string> key) => "";

    /// <summary>Stores rows of different keys in one transaction. Returns their number, and the result of the rules' query.</summary>
    private protected abstract Task<(int Stored, string? Answer)> StoreAsync(
        Upsert upsert, IReadOnlyList<object> rows, IReadOnlyList<string>? hashes, CancellationToken cancellationToken);

    /// <summary>Runs a piece of work in a transaction.</summary>
    /// <param name="isAlone">
    /// Whether it excludes those who store profiles or archive events: the earlier ones have ended, and the later ones see what it wrote.
    /// The work must be short then.
    /// </param>
    public abstract Task<T> WriteAsync<T>(Func<Task<T>> work, bool isAlone, CancellationToken cancellationToken);

    /// <summary>
    /// Locks which ids are one person to the end of the transaction: merges, and erasures of whole persons, wait. SQLite has one writer at
    /// a time anyway.
    /// </summary>
    public virtual Task LockPersonsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Locks the items to the end of the transaction: other changes wait. SQLite has one writer at a time anyway.</summary>
    public virtual Task LockItemsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Reads from a table; returns whether the database takes no writes. Of SQLite only a write can tell.</summary>
    public virtual async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken)
    {
        await ServedModel.AsNoTracking().AnyAsync(cancellationToken);
        return false;
    }

    /// <summary>Empties the log, if the database has a file of its own.</summary>
    /// <exception cref="IOException">A reader kept it from being emptied.</exception>
    public virtual Task PurgeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Writes the database's file anew, if it is the service's own, so that it holds no copy of what was erased.</summary>
    public virtual Task RewriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Databases without time zones return times of unspecified kind; all stored times are UTC.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        MapProfiles(modelBuilder);
        MapItems(modelBuilder);
        MapAccess(modelBuilder);
        MapErasures(modelBuilder);
        MapPurposes(modelBuilder);
        MapAliases(modelBuilder);
        MapAggregates(modelBuilder);
    }

    private Task<(int Stored, string? Answer)> UpsertAsync<TRow>(
        UpsertRules rules, IReadOnlyList<TRow> rows, CancellationToken cancellationToken, IReadOnlyList<string>? hashes = null)
        where TRow : class
    {
        var table = Model.FindEntityType(typeof(TRow))!;
        var name = $"{nameof(Upsert)}:{rules.Replaces}"; // a table's rules differ by nothing else
        var upsert = table.GetOrAddRuntimeAnnotationValue(name, _ => new Upsert(table, rules, Given, OrderBy), this); // made once
        return StoreAsync(upsert, rows, hashes, cancellationToken);
    }

    private static void MapProfiles(ModelBuilder modelBuilder)
    {
        var profile = modelBuilder.Entity<Profile>().ToTable("profiles");
        profile.HasKey(p => new { p.UserId, p.Model });
        profile.Property(p => p.UserId).HasColumnName("user_id");
        profile.Property(p => p.Model).HasColumnName("model");
        profile.Property(p => p.Digest).HasColumnName("digest").HasDefaultValue("");
        profile.Ignore(p => p.Stamp);
        profile.Ignore(p => p.Dimension);
        profile.Property(p => p.Revision).HasColumnName("revision");
        profile.Property(p => p.Change).HasColumnName("change").HasDefaultValue(0L);
        profile.HasIndex(p => p.Change);
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

        var stamp = modelBuilder.Entity<ServedStamp>().ToTable("served_stamps");
        stamp.HasKey(s => s.Model);
        stamp.Property(s => s.Model).HasColumnName("model");
    }

    private static void MapItems(ModelBuilder modelBuilder)
    {
        var item = modelBuilder.Entity<ItemRow>().ToTable("items");
        item.HasKey(i => i.ItemId);
        item.HasIndex(i => i.Revision);
        item.Property(i => i.ItemId).HasColumnName("item_id");
        item.Property(i => i.Categories).HasColumnName("categories");
        item.Property(i => i.Price).HasColumnName("price");
        item.Property(i => i.Title).HasColumnName("title");
        item.Property(i => i.Labels).HasColumnName("labels");
        item.Property(i => i.Content).HasColumnName("content");
        item.Property(i => i.IsAvailable).HasColumnName("available");
        item.Property(i => i.ExpiresAt).HasColumnName("expires_at");
        item.Property(i => i.IsDeleted).HasColumnName("deleted");
        item.Property(i => i.UpdatedAt).HasColumnName("updated_at");
        item.Property(i => i.Revision).HasColumnName("revision").ValueGeneratedNever();
    }

    private static void MapPurposes(ModelBuilder modelBuilder)
    {
        var purposes = modelBuilder.Entity<PurposesRow>().ToTable("purposes");
        purposes.HasKey(p => new { p.UserHash, p.Version });
        purposes.HasIndex(p => p.Sequence).IsUnique();
        purposes.Property(p => p.UserHash).HasColumnName("user_hash");
        purposes.Property(p => p.Version).HasColumnName("version");
        purposes.Property(p => p.Profile).HasColumnName("profile");
        purposes.Property(p => p.Explain).HasColumnName("explain");
        purposes.Property(p => p.Similar).HasColumnName("similar");
        purposes.Property(p => p.Train).HasColumnName("train");
        purposes.Property(p => p.SetAt).HasColumnName("set_at");
        purposes.Property(p => p.IsLatest).HasColumnName("latest");
        purposes.Property(p => p.Sequence).HasColumnName("sequence").ValueGeneratedNever();
    }

    private static void MapAliases(ModelBuilder modelBuilder)
    {
        var alias = modelBuilder.Entity<AliasRow>().ToTable("user_aliases");
        alias.HasKey(a => a.UserId);
        alias.HasIndex(a => a.PersonId);
        alias.HasIndex(a => a.MovedAt);
        alias.HasIndex(a => a.Sequence).IsUnique();
        alias.Property(a => a.UserId).HasColumnName("user_id");
        alias.Property(a => a.PersonId).HasColumnName("person_id");
        alias.Property(a => a.ErasedBefore).HasColumnName("erased_before");
        alias.Property(a => a.MergedAt).HasColumnName("merged_at");
        alias.Property(a => a.MovedAt).HasColumnName("moved_at");
        alias.Property(a => a.Sequence).HasColumnName("sequence").ValueGeneratedNever();

        var sequence = modelBuilder.Entity<AliasSequence>().ToTable("alias_sequence");
        sequence.Property(s => s.Id).HasColumnName("id").ValueGeneratedNever();
        sequence.Property(s => s.Last).HasColumnName("last");
    }

    private static void MapAggregates(ModelBuilder modelBuilder)
    {
        var release = modelBuilder.Entity<AggregateRelease>().ToTable("aggregate_releases");
        release.HasKey(r => r.Number);
        release.Property(r => r.Number).HasColumnName("number").ValueGeneratedNever();
        release.Property(r => r.Lease).HasColumnName("lease");
        release.Property(r => r.LeasedUntil).HasColumnName("leased_until");
        release.Property(r => r.MadeAt).HasColumnName("made_at");
        release.Property(r => r.EpsilonThousandths).HasColumnName("epsilon_thousandths");
        release.Property(r => r.Counts).HasColumnName("counts");
    }

    private static void MapErasures(ModelBuilder modelBuilder)
    {
        var erased = modelBuilder.Entity<ErasedUser>().ToTable("erased_users");
        erased.HasKey(e => e.UserHash);
        erased.HasIndex(e => e.Sequence);
        erased.Property(e => e.UserHash).HasColumnName("user_hash");
        erased.Property(e => e.Partition).HasColumnName("partition");
        erased.Property(e => e.Partitions).HasColumnName("partitions");
        erased.Property(e => e.ErasedBefore).HasColumnName("erased_before");
        erased.Property(e => e.RevisionFloor).HasColumnName("revision_floor");
        erased.Property(e => e.Order).HasColumnName("erasure");
        erased.Property(e => e.ErasedAt).HasColumnName("erased_at");
        erased.Property(e => e.Sequence).HasColumnName("sequence").ValueGeneratedNever();

        var pending = modelBuilder.Entity<PendingErasure>().ToTable("pending_erasures");
        pending.HasKey(p => new { p.Receipt, p.UserId });
        pending.Property(p => p.Receipt).HasColumnName("receipt");
        pending.Property(p => p.UserId).HasColumnName("user_id");
        pending.Property(p => p.RequestedAt).HasColumnName("requested_at");
        pending.Property(p => p.AreAttributesErased).HasColumnName("attributes_erased");
        pending.Property(p => p.AreWindowsErased).HasColumnName("windows_erased");
        pending.Property(p => p.LeasedUntil).HasColumnName("leased_until");

        var receipt = modelBuilder.Entity<Erasure>().ToTable("erasures");
        receipt.HasKey(r => r.Receipt);
        receipt.HasIndex(r => r.DoneAt);
        receipt.Property(r => r.Receipt).HasColumnName("receipt");
        receipt.Property(r => r.RequestedAt).HasColumnName("requested_at");
        receipt.Property(r => r.Users).HasColumnName("users");
        receipt.Property(r => r.Windows).HasColumnName("windows");
        receipt.Property(r => r.Events).HasColumnName("events");
        receipt.Property(r => r.CachedProfiles).HasColumnName("cached_profiles");
        receipt.Property(r => r.Profiles).HasColumnName("profiles");
        receipt.Property(r => r.Attributes).HasColumnName("attributes");
        receipt.Property(r => r.Vectors).HasColumnName("vectors");
        receipt.Property(r => r.ArchivedEvents).HasColumnName("archived_events");
        receipt.Property(r => r.Processes).HasColumnName("processes");
        receipt.Property(r => r.WaitingFor).HasColumnName("waiting_for");
        receipt.Property(r => r.GoneAt).HasColumnName("gone_at");
        receipt.Property(r => r.DoneAt).HasColumnName("done_at");

        var watcher = modelBuilder.Entity<ErasureWatcher>().ToTable("erasure_watchers");
        watcher.HasKey(w => w.Process);
        watcher.Property(w => w.Process).HasColumnName("process");
        watcher.Property(w => w.Sequence).HasColumnName("sequence");
        watcher.Property(w => w.SeenAt).HasColumnName("seen_at");

        var key = modelBuilder.Entity<LedgerKey>().ToTable("ledger_key");
        key.Property(k => k.Id).HasColumnName("id").ValueGeneratedNever();
        key.Property(k => k.Key).HasColumnName("key");
        key.Property(k => k.Check).HasColumnName("check");
    }

    private static void MapAccess(ModelBuilder modelBuilder)
    {
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
        audit.HasIndex(a => new { a.UserHash, a.Sequence });
    }

    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(t => t, t => DateTime.SpecifyKind(t, DateTimeKind.Utc));
}
