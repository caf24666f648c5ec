// A certified OpenID Connect provider (npm oidc-provider) on loopback, for the tests of sign-in.
// Whoever comes is anna: there is no password. Her name is told to whoever asks for it with her
// access token, as is the rule with codes, and not in the ID token. `POST /test/rotate` replaces every key.
//
// node provider.mjs PORT REDIRECT_URI POST_LOGOUT_REDIRECT_URI
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [port, redirect, left] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const SECOND = 'urn:test:second-factor';
const RESOURCE = 'urn:trama:api';
const FAMILY_NAME = "Dell'Aquila";

function freshKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
}

function open() {
  const provider = new Provider(issuer, {
    jwks: { keys: [freshKey()] },
    cookies: { keys: ['of the tests alone'] },
    acrValues: [SECOND],
    claims: { openid: ['sub'], profile: ['family_name', 'name'], acr: null, amr: null, auth_time: null },
    clients: [
      {
        client_id: 'trama-pages',
        client_secret: 'a secret of the tests',
        redirect_uris: [redirect],
        post_logout_redirect_uris: [left],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
      {
        client_id: 'trama-machine',
        client_secret: 'another secret of the tests',
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
      },
    ],
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ sub: id, family_name: FAMILY_NAME, name: `Anna ${FAMILY_NAME}` }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const { Grant } = ctx.oidc.provider;
      const grant = new Grant({ accountId: ctx.oidc.session.accountId, clientId: ctx.oidc.client.clientId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    // Access tokens as RFC 9068 has them; `nbf` is ours to ask for.
    formats: { customizers: { jwt: (_, token, jwt) => { jwt.payload.nbf = jwt.payload.iat; } } },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: () => ({
          scope: '', audience: RESOURCE, accessTokenFormat: 'jwt', accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  });
  return provider;
}

let provider = open();

async function signIn(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const asked = (params.acr_values ?? '').split(' ').includes(SECOND);
  const login = { accountId: 'anna', ...(asked ? { acr: SECOND, amr: ['pwd', 'mfa'] } : { amr: ['pwd'] }) };
  await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
}

createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/test/rotate') {
    provider = open();
    response.writeHead(204).end();
  } else if (request.url.startsWith('/interaction/')) {
    signIn(request, response).catch((error) => response.writeHead(500).end(String(error)));
  } else {
    provider.callback()(request, response);
  }
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
