using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ProfileService.Platform;
using SQLitePCL;

namespace ProfileService.Tests.Platform;

/// <summary>Which exceptions are a store's, alone and inside of what EF Core makes of them.</summary>
public sealed class StoreFailureTests
{
    public static TheoryData<Exception, bool> Failures => new()
    {
        { new SqliteException("The disk is full.", raw.SQLITE_FULL), true },
        { new SqliteException("It is locked.", raw.SQLITE_BUSY), false },
        { new IOException("The log could not be emptied."), false },
        { new TimeoutException("Redis does not answer."), false },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void FailureOfAStoreIsOneAlsoWhileChangesAreSaved(Exception failure, bool isRefusal)
    {
        foreach (var e in (Exception[])[failure, new DbUpdateException("See the inner exception.", failure)])
            Assert.Equal((true, isRefusal, failure), (StoreFailure.Is(e), StoreFailure.IsRefusal(e), StoreFailure.CauseOf(e)));
    }

    [Fact]
    public void ValueThatAStoreRefusesWhileChangesAreSavedIsNoFailureOfTheStore()
    {
        Exception[] refused =
        [
            new SqliteException("UNIQUE constraint failed", raw.SQLITE_CONSTRAINT),
            new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation),
            new PostgresException("invalid byte sequence", "ERROR", "ERROR", PostgresErrorCodes.CharacterNotInRepertoire),
        ];
        foreach (var e in refused)
            Assert.Equal((false, false), (StoreFailure.Is(new DbUpdateException("", e)), StoreFailure.IsRefusal(new DbUpdateException("", e))));
        var lost = new PostgresException("relation does not exist", "ERROR", "ERROR", PostgresErrorCodes.UndefinedTable);
        Assert.True(StoreFailure.Is(new DbUpdateException("", lost)));
    }

    [Fact]
    public void WhatNoStoreRaisedIsNoFailureOfOne()
    {
        foreach (var e in (Exception[])[new InvalidOperationException(), new DbUpdateException(), new DbUpdateException("", new InvalidOperationException())])
            Assert.Equal((false, false), (StoreFailure.Is(e), StoreFailure.IsRefusal(e)));
    }
}
