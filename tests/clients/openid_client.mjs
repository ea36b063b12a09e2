// A relying party on npm openid-client. Writes a line of JSON a step, reads a line where it waits.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { webcrypto } from 'node:crypto'

// Node.js 18, which Debian 12 ships, has WebCrypto but not as globals.
globalThis.crypto ??= webcrypto
globalThis.CryptoKey ??= webcrypto.CryptoKey
const client = await import('openid-client')

const settings = JSON.parse(process.argv[2])
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (step) => console.log(JSON.stringify(step))
const hear = async () => (await lines.next()).value

const own = settings.private_jwk && (await signingKey(JSON.parse(settings.private_jwk)))
const config = await client.discovery(
  new URL(settings.issuer),
  settings.client_id,
  own && { id_token_signed_response_alg: 'ES256', authorization_signed_response_alg: 'ES256' },
  own
    ? client.PrivateKeyJwt(own)
    : settings.client_secret
      ? client.ClientSecretBasic(settings.client_secret)
      : client.None(),
  { execute: [client.allowInsecureRequests] },
)
await { code, device, ciba, signed }[settings.flow]()
process.exit(0)

async function code() {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const verifier = client.randomPKCECodeVerifier()
  const [nonce, state] = [client.randomNonce(), client.randomState()]
  const url = await client.buildAuthorizationUrlWithPAR(
    config,
    {
      redirect_uri: settings.redirect_uri,
      scope: 'openid profile offline_access',
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
    },
    { DPoP },
  )
  say({ url })
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state }
  const tokens = await client.authorizationCodeGrant(config, new URL(await hear()), checks, undefined, { DPoP })
  const claims = tokens.claims()
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
  const again = await client.fetchUserInfo(config, renewed.access_token, claims.sub, { DPoP })
  say({
    claims,
    userinfo,
    token_type: tokens.token_type,
    rotated: renewed.refresh_token !== tokens.refresh_token,
    same_citizen: again.sub === claims.sub,
    sign_out: client.buildEndSessionUrl(config, {
      post_logout_redirect_uri: settings.home,
      id_token_hint: tokens.id_token,
    }),
  })
  await hear()
  const refused = await client.refreshTokenGrant(config, renewed.refresh_token, undefined, { DPoP }).then(
    () => null,
    (error) => error.error,
  )
  say({ refused })
}

async function signingKey(jwk) {
  return crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
}

// FAPI 2.0 Message Signing: private_key_jwt, signed request, PAR, DPoP, JARM, signed introspection.
async function signed() {
  client.useJwtResponseMode(config)
  client.enableNonRepudiationChecks(config)
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const verifier = client.randomPKCECodeVerifier()
  const [nonce, state] = [client.randomNonce(), client.randomState()]
  const parameters = {
    redirect_uri: settings.redirect_uri,
    scope: 'openid profile',
    authorization_details: settings.authorization_details,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  }
  const { searchParams } = await client.buildAuthorizationUrlWithJAR(config, parameters, own)
  const url = await client.buildAuthorizationUrlWithPAR(config, searchParams, { DPoP })
  say({ url })
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state }
  const tokens = await client.authorizationCodeGrant(config, new URL(await hear()), checks, undefined, { DPoP })
  const claims = tokens.claims()
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
  const introspected = await client.tokenIntrospection(config, tokens.access_token)
  say({ claims, userinfo, introspected, details: tokens.authorization_details })
}

async function device() {
  const started = await client.initiateDeviceAuthorization(config, { scope: 'openid profile' })
  say({ user_code: started.user_code, page: started.verification_uri })
  const tokens = await client.pollDeviceAuthorizationGrant(config, started)
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
  await client.tokenRevocation(config, tokens.access_token)
  const after = await client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck).then(
    () => 'still valid',
    (error) => error.code,
  )
  say({ claims: tokens.claims(), userinfo, after })
}

async function ciba() {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const token = client.randomNonce()
  const asked = { scope: 'openid profile', login_hint: settings.login_hint, binding_message: settings.message }
  const pinged = settings.ping_port && notified(Number(settings.ping_port), token)
  const started = await client.initiateBackchannelAuthentication(
    config,
    pinged ? { ...asked, client_notification_token: token } : asked,
  )
  say({ waiting: true })
  let tokens
  if (pinged) {
    const auth_req_id = await pinged
    const grant = 'urn:openid:params:grant-type:ciba'
    if (auth_req_id !== started.auth_req_id) throw new Error('another request was pinged')
    tokens = await client.genericGrantRequest(config, grant, { auth_req_id }, { DPoP })
  } else {
    tokens = await client.pollBackchannelAuthenticationGrant(config, started, undefined, { DPoP })
  }
  const claims = tokens.claims()
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub, { DPoP })
  say({ claims, userinfo, token_type: tokens.token_type })
}

// The notification endpoint: what the first ping says that carries our token.
function notified(port, token) {
  return new Promise((resolve) => {
    const server = createServer(async (request, response) => {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      const known = request.headers.authorization === `Bearer ${token}`
      response.writeHead(known ? 204 : 401).end()
      if (known) resolve(JSON.parse(Buffer.concat(chunks)).auth_req_id)
    })
    server.listen(port, '127.0.0.1')
  })
}
