using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>Gives the process the key of the ledger: from the setting, or the one in the database, which the first start makes.</summary>
internal sealed class LedgerKeys(IDbContextFactory<ProfileDbContext> contexts, UserHash hashes, IOptions<PrivacyOptions> options)
{
    private const string Checked = "ProfileService ledger"; // hashed, to tell keys apart

    /// <exception cref="OptionsValidationException">The setting is not the key of the ledger in the database.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var given = PrivacyOptions.Read(options.Value.LedgerKey);
        var row = await db.LedgerKeys.AsNoTracking().SingleOrDefaultAsync(cancellationToken)
            ?? await AddAsync(db, given, cancellationToken);
        hashes.Use(given ?? row.Key ?? throw Refused("it is not set, and was set when the ledger began"));
        if (hashes.Of(Checked) != row.Check)
            throw Refused("it is not the key under which the ledger of erased users began");
    }

    /// <summary>Stores a key, unless another process's first start has; returns the one that is stored.</summary>
    private static async Task<LedgerKey> AddAsync(ProfileDbContext db, byte[]? given, CancellationToken cancellationToken)
    {
        var key = given ?? RandomNumberGenerator.GetBytes(UserHash.KeyBytes);
        var made = new UserHash();
        made.Use(key);
        var (stored, check) = (given is null ? key : null, made.Of(Checked));
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO ledger_key (id, key, "check") VALUES ({LedgerKey.OnlyId}, {stored}, {check}) ON CONFLICT (id) DO NOTHING
            """, cancellationToken);
        return await db.LedgerKeys.AsNoTracking().SingleAsync(cancellationToken);
    }

    private static OptionsValidationException Refused(string reason) => new("Privacy", typeof(PrivacyOptions),
        [$"Privacy:LedgerKey: {reason}. With another key erased users would not be recognised."]);
}
