// npm oidc-provider as the peer: memory store, or Redis through the adapter below. Prints one line of JSON when ready.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { createHash, generateKeyPairSync } from 'node:crypto';

const [, , modules, port, store, redisPort] = process.argv;
const require = createRequire(`${modules}/`);
const { default: Provider } = await import(require.resolve('oidc-provider'));

let adapter;
if (store === 'redis') {
  const { default: Redis } = await import(require.resolve('ioredis'));
  const redis = new Redis(Number(redisPort));
  const grantKey = (id) => `grant:${id}`;
  adapter = class {
    constructor(name) { this.name = name; }
    key(id) { return `${this.name}:${id}`; }
    async upsert(id, payload, expiresIn) {
      const key = this.key(id);
      const multi = redis.multi().set(key, JSON.stringify(payload), 'EX', expiresIn || 3600);
      if (payload.grantId) multi.rpush(grantKey(payload.grantId), key);
      if (payload.uid) multi.set(`uid:${payload.uid}`, id, 'EX', expiresIn || 3600);
      await multi.exec();
    }
    async find(id) {
      const found = await redis.get(this.key(id));
      return found ? JSON.parse(found) : undefined;
    }
    async findByUid(uid) {
      const id = await redis.get(`uid:${uid}`);
      return id ? this.find(id) : undefined;
    }
    async findByUserCode() { return undefined; }
    async consume(id) {
      const found = JSON.parse(await redis.get(this.key(id)));
      found.consumed = Math.floor(Date.now() / 1000);
      await redis.set(this.key(id), JSON.stringify(found), 'KEEPTTL');
    }
    async destroy(id) { await redis.del(this.key(id)); }
    async revokeByGrantId(id) {
      const keys = await redis.lrange(grantKey(id), 0, -1);
      await redis.del(grantKey(id), ...keys);
    }
  };
}

const jwk = (type, options, extra) => ({ ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), ...extra });
const client = (id, extra) => ({
  client_id: id, client_secret: 'secret-of-the-benchmark', redirect_uris: ['https://app.example/cb'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'], ...extra,
});
const resource = (alg) => ({
  scope: 'api', audience: 'https://api.example', accessTokenTTL: 600, accessTokenFormat: alg ? 'jwt' : 'opaque',
  ...(alg ? { jwt: { sign: { alg } } } : {}),
});
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  adapter,
  clients: [client('opaque'), client('es256'), client('rs256')],
  jwks: { keys: [
    jwk('ec', { namedCurve: 'P-256' }, { use: 'sig', alg: 'ES256', kid: 'e' }),
    jwk('rsa', { modulusLength: 2048 }, { use: 'sig', alg: 'RS256', kid: 'r' }),
  ] },
  cookies: { keys: ['benchmark'] },
  features: {
    clientCredentials: { enabled: true }, introspection: { enabled: true }, devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true, useGrantedResource: async () => true,
      defaultResource: async (ctx) =>
        ctx.oidc.params?.grant_type === 'client_credentials' ? 'https://api.example' : undefined,
      getResourceServerInfo: async (ctx, _resource, { clientId }) =>
        resource(clientId === 'opaque' ? null : clientId.toUpperCase()),
    },
  },
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, name: 'Nguyễn Thị Mai Đào' }) }),
  rotateRefreshToken: true,
  // A sign-in shows one page; consent was given before.
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  loadExistingGrant: async (ctx) => {
    const { client: { clientId }, session: { accountId } } = ctx.oidc;
    const given = new ctx.oidc.provider.Grant({ clientId, accountId });
    given.addOIDCScope('openid profile');
    await given.save();
    return given;
  },
});
const grant = new provider.Grant({ accountId: 'a1', clientId: 'opaque' });
grant.addOIDCScope('openid profile offline_access');
const grantId = await grant.save();
const common = { accountId: 'a1', grantId, client: await provider.Client.find('opaque'), scope: 'openid profile offline_access' };
const access = await new provider.AccessToken({ ...common, gty: 'authorization_code' }).save();
const refresh = await new provider.RefreshToken({ ...common, gty: 'authorization_code', authTime: 1 }).save();
const protocol = provider.callback();
const page = (uid) => `<!doctype html><title>Sign in</title><form method="post" action="/interaction/${uid}">
<input name="number"><input name="password" type="password"><button>Sign in</button></form>`;

async function interaction(req, res) {
  const { uid } = await provider.interactionDetails(req, res);
  if (req.method === 'GET') return res.setHeader('content-type', 'text/html').end(page(uid));
  let body = '';
  for await (const chunk of req) body += chunk;
  const form = new URLSearchParams(body);
  createHash('sha256').update(form.get('password')).digest('hex');
  return provider.interactionFinished(req, res, { login: { accountId: form.get('number') } });
}

createServer((req, res) => {
  if (req.url.startsWith('/interaction/')) interaction(req, res).catch((error) => res.writeHead(500).end(String(error)));
  else protocol(req, res);
}).listen(Number(port), '127.0.0.1', () => {
  console.log(JSON.stringify({ access, refresh, hash: createHash('sha256').update('ready').digest('hex').slice(0, 4) }));
});
