namespace ProfileService.Client;

internal sealed record ExportRequest(string UserId);
