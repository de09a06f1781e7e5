namespace ProfileService.TestServers.Fuzz;

/// <summary>One request as it goes over the wire.</summary>
/// <param name="HasNoBody">Whether its answer has headers alone, as that of HEAD.</param>
/// <param name="MayBeRefused">Whether it breaks a rule of HTTP itself, so that Kestrel may refuse it before the service sees it.</param>
/// <param name="IsLast">Whether nothing may follow it on its connection: it asks for that, or nobody can tell where it ends.</param>
internal sealed record FuzzRequest(byte[] Bytes, bool HasNoBody, bool MayBeRefused, bool IsLast);
