// A relying party of another maker: openid-client logs Anna in with a code and PKCE, while her
// phone is driven by `sakta phone`. There is no browser: the login page is read as text.
//
// Node does not resolve *.localhost, so each request goes to 127.0.0.1 with its own Host.
import { execFile } from 'node:child_process';
import http from 'node:http';
import { promisify } from 'node:util';
import * as oidc from 'openid-client';

const run = promisify(execFile);
const CHARACTERS = /[2-9BCDFGHJKMNPQRSTVWXZ]{4}[\s\u00a0-]*[2-9BCDFGHJKMNPQRSTVWXZ]{4}/;

/** fetch() for a host under localhost; no redirects are followed. */
function fetchHere(url, options = {}) {
  const to = new URL(url);
  const headers = Object.fromEntries(new Headers(options.headers ?? {}));
  const body = options.body === undefined || options.body === null ? null : String(options.body);
  if (body !== null) headers['content-length'] = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: '127.0.0.1', port: to.port, path: to.pathname + to.search,
      method: options.method ?? 'GET', headers: { ...headers, host: to.host },
    }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const given = new Headers();
        for (const [name, value] of Object.entries(answer.headers)) {
          for (const one of [value].flat()) given.append(name, one);
        }
        const empty = [204, 304].includes(answer.statusCode);
        resolve(new Response(empty ? null : Buffer.concat(parts), {
          status: answer.statusCode, headers: given,
        }));
      });
    });
    request.on('error', reject);
    request.end(body ?? undefined);
  });
}

/** A browser of a few lines: cookies, redirects, forms. */
class Reader {
  cookies = new Map();

  async get(url, form) {
    let to = new URL(url);
    let options = {};
    if (form) {
      options = {
        method: 'POST', body: new URLSearchParams(form),
        headers: {
          'content-type': 'application/x-www-form-urlencoded', origin: to.origin,
          'sec-fetch-site': 'same-origin',
        },
      };
    }
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetchHere(to, { ...options, headers: { ...options.headers, cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
        this.cookies.set(name, value);
      }
      const place = answer.headers.get('location');
      if (!place) return { url: to, text: await answer.text(), status: answer.status };
      to = new URL(place, to);
      options = {};
      if (to.pathname === '/callback') return { url: to, text: '', status: 302 };
    }
    throw new Error(`too many redirects at ${to.host}`);
  }
}

/** Logs `person` in at `client` and gives the claims. */
export async function logIn(client, person, program) {
  const options = { [oidc.customFetch]: fetchHere, execute: [oidc.allowInsecureRequests] };
  const issuer = new URL(client.issuer);
  const config =
    await oidc.discovery(issuer, client.clientId, undefined, oidc.None(), options);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const address = oidc.buildAuthorizationUrl(config, {
    redirect_uri: 'http://127.0.0.1:7777/callback', scope: 'openid profile', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  });
  const reader = new Reader();
  let page = await reader.get(address);
  const spelled = /class="spelled[^"]*"[^>]*>([^<]+)</.exec(page.text)?.[1] ?? page.text;
  const characters = CHARACTERS.exec(spelled.replaceAll('&nbsp;', ' '))?.[0];
  if (!characters) throw new Error(`no characters on ${page.url.host}: ${page.status}`);
  const code = characters.replace(/[^0-9A-Z]/g, '');
  await run(program, ['phone', '--state', person.phone, '--json', 'approve', code,
    '--pin-file', person.pinFile]);
  for (let tries = 0; page.url.pathname !== '/callback' && tries < 30; tries += 1) {
    const forms = [...page.text.matchAll(/<form[^>]*action="([^"]+)"[^>]*>/g)];
    const action = forms.find(([, to]) => page.text.includes('name="check"') && to)?.[1];
    page = action
      ? await reader.get(new URL(action.replaceAll('&amp;', '&'), page.url), { check: '1' })
      : await reader.get(page.url);
    if (page.url.pathname !== '/callback') await new Promise((go) => setTimeout(go, 300));
  }
  const tokens = await oidc.authorizationCodeGrant(config, page.url, {
    pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce,
  });
  const claims = tokens.claims();
  const user = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
    .catch((why) => ({ userinfo: String(why.message) }));
  return { ...claims, ...user };
}
