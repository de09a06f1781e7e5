using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Storage;

namespace ProfileService.Audit;

/// <summary>The hash chain of the audit log: each row's hash covers the row and the hash before it.</summary>
internal static class AuditChain
{
    public static readonly byte[] Start = new byte[SHA256.HashSizeInBytes];

    private const char Separator = '\n'; // no column contains it

    /// <summary>The rows that continue the chain with these entries.</summary>
    public static IReadOnlyList<AuditRow> Continue(AuditRow? last, IReadOnlyList<AuditEntry> entries)
    {
        var (sequence, hash) = (last?.Sequence ?? 0, last?.Hash ?? Start);
        var rows = new List<AuditRow>();
        foreach (var entry in entries)
        {
            var row = new AuditRow
            {
                Sequence = ++sequence,
                At = entry.At.AddTicks(-(entry.At.Ticks % TimeSpan.TicksPerMicrosecond)), // as databases keep it
                Caller = entry.Caller,
                Action = entry.Action,
                UserHash = entry.UserHash,
                Status = entry.Status,
                Count = entry.Count,
                TraceId = entry.TraceId,
            };
            row.Hash = hash = HashOf(hash, row);
            rows.Add(row);
        }

        return rows;
    }

    public static byte[] HashOf(byte[] previous, AuditRow row)
    {
        var columns = string.Join(
            Separator,
            row.Sequence.ToString(CultureInfo.InvariantCulture),
            row.At.Ticks.ToString(CultureInfo.InvariantCulture),
            row.Caller,
            row.Action,
            row.UserHash,
            row.Status.ToString(CultureInfo.InvariantCulture),
            row.Count.ToString(CultureInfo.InvariantCulture),
            row.TraceId);
        return SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(columns)]);
    }
}
