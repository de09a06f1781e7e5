using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ProfileService.Client;

public sealed partial class ProfileServiceClient
{
    /// <summary>
    /// Asks for a user to be erased from every store. The service has recorded that when this returns; <see cref="GetErasureAsync"/> tells
    /// when it is done.
    /// </summary>
    /// <param name="userId">1 to 128 characters. An id that no address can hold goes to <see cref="EraseUsersAsync"/>.</param>
    public Task<ErasureReceipt> EraseUserAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Delete(Address.OfUser(userId)), ClientJson.Default.ErasureReceipt, cancellationToken);

    /// <summary>As <see cref="EraseUserAsync"/> for 1 to 1,000 users, under one receipt.</summary>
    public Task<ErasureReceipt> EraseUsersAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var body = Bodies.Json(new ErasureRequest(userIds), ClientJson.Default.ErasureRequest);
        return _calls.ReadAsync(_calls.Post("v1/erasures", body), ClientJson.Default.ErasureReceipt, cancellationToken);
    }

    /// <summary>Gets the receipt of an erasure; null if there is none.</summary>
    /// <param name="receipt">As the erasure was answered with.</param>
    public Task<ErasureReceipt?> GetErasureAsync(string receipt, CancellationToken cancellationToken = default) =>
        _calls.FindAsync(Address.OfErasure(receipt), ClientJson.Default.ErasureReceipt, cancellationToken);

    /// <summary>Gets what a user's data may be used for.</summary>
    public Task<PurposesResponse> GetPurposesAsync(string userId, CancellationToken cancellationToken = default) =>
        _calls.ReadAsync(_calls.Get(Address.OfUser(userId, "purposes")), ClientJson.Default.PurposesResponse, cancellationToken);

    /// <summary>
    /// Sets what a user's data may be used for. Without <see cref="PurposesRequest.Profile"/> the user's profiles are deleted.
    /// </summary>
    /// <returns>What is in force now.</returns>
    public Task<PurposesResponse> PutPurposesAsync(string userId, PurposesRequest purposes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(purposes);
        var put = _calls.Put(Address.OfUser(userId, "purposes"), Bodies.Json(purposes, ClientJson.Default.PurposesRequest));
        return _calls.ReadAsync(put, ClientJson.Default.PurposesResponse, cancellationToken);
    }

    /// <summary>Sets the purposes of many users, in requests of up to 1,000. A rejected entry does not affect the others.</summary>
    /// <param name="users">Any number; if a user comes twice, the last entry counts.</param>
    public Task<BatchSummary> PutPurposesBatchAsync(IEnumerable<PurposesEntry> users, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        return PutAllAsync("v1/purposes", Bodies.Arrays(users, ClientJson.Default.PurposesEntry), cancellationToken);
    }

    /// <summary>
    /// Exports all that is known of a user, line by line: first the table of contents, then a line for each thing with its
    /// <c>section</c>, at last the section <c>end</c>. A user of whom nothing is known has only the first and the last.
    /// </summary>
    /// <param name="userId">1 to 128 characters, also an id that no address can hold.</param>
    /// <exception cref="HttpRequestException">The export broke off: what was read until then is not all.</exception>
    public async IAsyncEnumerable<JsonElement> ExportUserAsync(
        string userId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userId);
        var asked = _calls.Post("v1/exports", Bodies.Json(new ExportRequest(userId), ClientJson.Default.ExportRequest));
        await foreach (var line in ReadExportAsync(asked, cancellationToken).ConfigureAwait(false))
            yield return line;
    }

    /// <summary>
    /// Exports the events of all users whose purposes allow training, line by line: first up to which erasure it is true, then a line for
    /// each event with its <c>section</c>, at last the section <c>end</c>.
    /// </summary>
    /// <exception cref="HttpRequestException">The export broke off: what was read until then is not all.</exception>
    public IAsyncEnumerable<JsonElement> ExportTrainingAsync(
        TrainingExportOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = options ?? new TrainingExportOptions();
        List<string> parameters = [.. (asked.Attributes ?? []).Select(name => $"attributes={Address.Escape(name)}")];
        parameters.AddRange(asked.Ids ? ["ids=true"] : []);
        parameters.AddRange(asked.Texts ? ["texts=true"] : []);
        parameters.AddRange(asked.ErasedAfter is { } after ? [FormattableString.Invariant($"erasedAfter={after}")] : []);
        return ReadExportAsync(_calls.Get($"v1/exports/training?{string.Join('&', parameters)}"), cancellationToken);
    }

    private async IAsyncEnumerable<JsonElement> ReadExportAsync(
        HttpRequestMessage asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isWhole = false;
        await foreach (var line in _calls.ReadLinesAsync(asked, cancellationToken).ConfigureAwait(false))
        {
            isWhole = line.TryGetProperty("section", out var section) && section.ValueEquals("end"u8);
            yield return line;
        }

        if (!isWhole)
            throw ServiceCalls.BrokenOff("The export broke off before its end.");
    }
}
