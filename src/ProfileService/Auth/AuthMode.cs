namespace ProfileService.Auth;

/// <summary>Whom the service lets in.</summary>
internal enum AuthMode
{
    /// <summary>Everyone who reaches it, which is only allowed on loopback addresses.</summary>
    None,

    /// <summary>Callers with an API key.</summary>
    Keys,

    /// <summary>Callers with a token of an OpenID Connect provider.</summary>
    Oidc,

    /// <summary>Callers with either.</summary>
    Both,
}
