import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PermitClaims } from '../src/modules/audit/permit.js';
import type { PermitView } from '../src/modules/audit/permit.view.js';
import { because, newTeam, SpecOf } from './support/reviews.js';
import type { Team } from './support/reviews.js';
import { startService } from './support/service.js';
import { expectProblem } from './support/specs.js';

const command = 'dist/src/verify.js';
if (!existsSync(command)) throw new Error(`there is no ${command}: npm test builds it`);

const service = startService();
let team: Team;
beforeAll(async () => {
  team = await newTeam(service.organization);
});

const approved = async () => {
  const spec = await SpecOf.inReview(team);
  expect((await spec.vote(team.ben)).body).toMatchObject({ lifecycle: 'approved' });
  return spec;
};
const permitOf = async (spec: SpecOf, query = '') =>
  (await spec.request('get', `/permit${query}`, team.bot).expect(200)).body as PermitView;
const partOf = (token: string, at: number) =>
  JSON.parse(Buffer.from(token.split('.')[at] ?? '', 'base64url').toString()) as Record<string, unknown>;
const claimsOf = ({ permit }: PermitView) => partOf(permit, 1) as PermitClaims;

/** specline permit, in a process of its own. */
function check(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, 'permit', ...words], (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe('A permit', () => {
  test('says which revision is approved, and is verified with the published key alone', async () => {
    const spec = await approved();
    const { inForce } = await spec.read();
    const view = await permitOf(spec);
    expect(claimsOf(view)).toMatchObject({
      iss: 'specline',
      aud: team.tenant.organizationId,
      sub: spec.specId,
      revision: 1,
      version: inForce?.version,
      contentHash: inForce?.contentHash,
      lifecycle: 'approved',
      policy: { key: 'default', version: 1 },
    });
    expect(claimsOf(view).exp - claimsOf(view).iat).toBe(300);
    expect(Date.parse(view.expiresAt)).toBe(claimsOf(view).exp * 1000);

    // As a library for JSON Web Tokens does it.
    const { kid, alg } = partOf(view.permit, 0);
    const { keys } = (await service.anonymous().get('/.well-known/jwks.json').expect(200)).body as {
      keys: (JsonWebKey & { kid: string })[];
    };
    const key = keys.find((one) => one.kid === kid);
    expect([alg, key?.kty, key?.crv]).toEqual(['EdDSA', 'OKP', 'Ed25519']);
    const [head = '', body = '', signature = ''] = view.permit.split('.');
    const publicKey = createPublicKey({ key: key ?? {}, format: 'jwk' });
    expect(verify(null, Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url'))).toBe(true);

    // As a CI job does it.
    const known = ['--key', String(key?.x)];
    expect(await check(view.permit, ...known)).toMatchObject({
      code: 0,
      out: expect.stringContaining('VALID until') as string,
    });
    const asJson = await check(view.permit, ...known, '--spec', spec.specId, '--json');
    expect(JSON.parse(asJson.out)).toEqual(claimsOf(view));
    const forged = `${head}.${Buffer.from(JSON.stringify({ ...claimsOf(view), revision: 2 })).toString('base64url')}.${signature}`;
    expect(await check(forged, ...known)).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT VALID') as string,
    });
    const other = await check(view.permit, ...known, '--spec', team.tenant.organizationId);
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(await check(view.permit)).toMatchObject({ code: 2 });
  });

  test('is given of what is in force only', async () => {
    const draft = await SpecOf.begin(team);
    expectProblem(await draft.request('get', '/permit', team.bot), 409, 'not_approved');
    const inReview = await SpecOf.inReview(team);
    expectProblem(await inReview.request('get', '/permit', team.bot), 409, 'not_approved');

    const spec = await approved();
    await spec.go('deprecate', team.dan, because).expect(200);
    expectProblem(await spec.request('get', '/permit', team.bot), 409, 'not_approved');
  });

  test('is about the approved revision while another is being written beside it', async () => {
    const spec = await approved();
    const before = claimsOf(await permitOf(spec));
    await spec.go('amend', team.ann, because).expect(200);
    await spec.edit(team.ann, 'Keep them for a year.\n').expect(200);
    const { jti: _before, iat: _then, exp: _ended, ...said } = before;
    expect(claimsOf(await permitOf(spec))).toMatchObject({ ...said, revision: 1 });
    await spec.go('submit', team.ann).expect(200);
    await spec.vote(team.cat);
    expect(claimsOf(await permitOf(spec))).toMatchObject({ revision: 2, contentHash: (await spec.read()).contentHash });
  });

  test('ends after as many seconds as are asked for, within bounds', async () => {
    const spec = await approved();
    const { iat, exp } = claimsOf(await permitOf(spec, '?seconds=30'));
    expect(exp - iat).toBe(30);
    for (const seconds of ['29', '3601', 'x']) {
      expectProblem(await spec.request('get', `/permit?seconds=${seconds}`, team.bot), 400, 'invalid_request');
    }
  });
});
