using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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
    public void WhatNoStoreRaisedIsNoFailureOfOne()
    {
        foreach (var e in (Exception[])[new InvalidOperationException(), new DbUpdateException(), new DbUpdateException("", new InvalidOperationException())])
            Assert.Equal((false, false), (StoreFailure.Is(e), StoreFailure.IsRefusal(e)));
    }
}
