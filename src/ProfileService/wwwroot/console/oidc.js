// Signing in by an OpenID Connect provider: the authorization code flow with PKCE (RFC 7636). The access token goes to the session, which
// keeps it in memory. While the browser is at the provider, sessionStorage holds what its answer is checked against, and nothing after.

import { within } from './patience.js';

const kept = 'sign-in';

let asked;

/**
 * What the service says of the provider; asked for once, and only where somebody has to sign in.
 * @returns {Promise<{ authority?: string, clientId?: string, scopes?: string }>}
 */
const config = () => asked ??= fetch('console/sign-in.json', { cache: 'no-store', signal: within() })
    .then(reply => reply.ok ? reply.json() : Promise.reject(new Error(String(reply.status)))).catch(() => {
        asked = undefined; // the next sign-in asks again
        return {};
    });

/** The provider's host by which people know it; null if this service offers no such sign-in. */
export async function providerName() {
    const { authority } = await config();
    return authority ? new URL(authority).host : null;
}

/** Leaves for the provider; throws an Error that says why that cannot be. */
export async function leave() {
    if (!globalThis.crypto?.subtle)
        throw new Error('The browser signs in by a provider only where the page came by https, or from this machine.');
    const { authority, clientId, scopes } = await config();
    const { issuer, authorization } = await discover(authority);
    const [state, nonce, verifier] = [random(), random(), random()];
    sessionStorage.setItem(kept, JSON.stringify({ state, nonce, verifier, issuer, hash: location.hash }));
    const address = new URL(authorization);
    for (const [name, value] of Object.entries({
        response_type: 'code', client_id: clientId, redirect_uri: here(), scope: scopes, state, nonce,
        code_challenge: base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))), code_challenge_method: 'S256',
    }))
        address.searchParams.set(name, value);
    location.assign(address);
}

/**
 * The access token, if the page was opened by the provider's answer; null if it was not. The answer is taken out of the address at once.
 * Throws an Error that says what is wrong with it.
 */
export async function comeBack() {
    const answer = new URLSearchParams(location.search);
    const begun = JSON.parse(sessionStorage.getItem(kept) ?? 'null');
    sessionStorage.removeItem(kept);
    if (!answer.has('state') || !(answer.has('code') || answer.has('error')))
        return null;
    history.replaceState(null, '', location.pathname + (begun?.hash ?? ''));
    if (!begun || answer.get('state') !== begun.state)
        throw new Error('This sign-in was not begun in this tab, or another one was begun after it. Sign in again.');
    if (answer.has('iss') && answer.get('iss') !== begun.issuer)
        throw new Error('The answer came from another provider than the one that was asked. Sign in again.');
    if (answer.has('error'))
        throw new Error(wordsOf(answer.get('error'), answer.get('error_description')));
    return await exchange(answer.get('code'), begun);
}

async function exchange(code, { nonce, verifier, issuer }) {
    const { authority, clientId } = await config();
    const { token } = await discover(authority);
    const body = new URLSearchParams({
        grant_type: 'authorization_code', code, redirect_uri: here(), client_id: clientId, code_verifier: verifier,
    });
    const reply = await ask(token, { method: 'POST', body });
    if (reply.error)
        throw new Error(wordsOf(reply.error, reply.error_description));
    // It came from the provider itself, so that its signature says nothing more (OpenID Connect Core 3.1.3.7).
    const claims = claimsOf(reply.id_token);
    if (claims?.iss !== issuer || ![claims.aud].flat().includes(clientId))
        throw new Error('The provider answered without an id token for this console. Sign in again.');
    if (claims.nonce !== nonce)
        throw new Error('The provider answered to another sign-in than this one. Sign in again.');
    if (!reply.access_token)
        throw new Error('The provider gave no access token.');
    return reply.access_token;
}

async function discover(authority) {
    if (!authority)
        throw new Error('The service does not say by which provider people sign in. Try again.');
    const found = await ask(`${authority.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (found.issuer?.replace(/\/$/, '') !== authority.replace(/\/$/, ''))
        throw new Error(`${authority} says that it is ${found.issuer}. Whoever operates the service can correct Auth:Authority.`);
    if (!/^https?:/.test(found.authorization_endpoint) || !found.token_endpoint)
        throw new Error('The provider offers no sign-in for pages (authorization code flow).');
    if (new URL(found.token_endpoint).origin !== new URL(authority).origin)
        throw new Error('The provider gives its tokens at another address than its own, which this page may not ask.');
    return { issuer: found.issuer, authorization: found.authorization_endpoint, token: found.token_endpoint };
}

async function ask(address, options = {}) {
    try {
        const reply = await fetch(address, { ...options, credentials: 'omit', cache: 'no-store', signal: within() });
        return await reply.json();
    } catch {
        const reason = `it cannot be reached, or does not let pages of ${location.origin} ask it`;
        throw new Error(`${new URL(address).host} does not answer this page: ${reason}.`);
    }
}

const wordsOf = (error, description) => error === 'access_denied'
    ? `The provider did not let you in${description ? `: ${description}` : '.'}`
    : `The provider refused the sign-in (${error})${description ? `: ${description}` : '.'}`;

/** The page's own address, to which the provider sends the browser back. */
const here = () => location.origin + location.pathname;

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function claimsOf(token) {
    try {
        const payload = atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
        return JSON.parse(new TextDecoder().decode(Uint8Array.from(payload, c => c.charCodeAt(0))));
    } catch {
        return null;
    }
}
