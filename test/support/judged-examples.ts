import { join } from './members.js';
import type { Tenant } from './service.js';
import { publishPack, rule } from './rules.js';
import { sendMarkdown } from './specs.js';

const contracts = `# Kept searches

## API Contracts

### POST /api/searches

- **Auth**: required

## Commands & Events

- **Command**: \`catalog.search.keep\`
`;

/** What the examples of the reference on compliance need: a spec with a report, a link, an attestation, a waiver. */
export type JudgedExamples = {
  specPath: string;
  standIns: Record<string, string>;
  /** A key of somebody who may attest, and has not. */
  attester: string;
};

/**
 * @param author whose key writes the spec and asks for the waiver
 * @param other whose key did not come from the author: attests
 */
export async function judgedExamples(tenant: Tenant, author: string, other: string): Promise<JudgedExamples> {
  await publishPack(tenant, 'house', { rules: [rule({ key: 'privacy-reviewed' })] }).expect(200);
  const made = async (path: string, apiKey: string, body?: object) =>
    (await tenant.request('post', path, apiKey).send(body).expect(201)).body as Record<string, string>;
  const imported = await sendMarkdown(tenant.request('post', '/specs', author), contracts).expect(201);
  const { specId, contentHash } = imported.body as { specId: string; contentHash: string };
  const specPath = `/specs/${specId}`;
  const linked = await tenant.request('get', `${specPath}/compliance-links`).expect(200);
  const { elements } = linked.body as { elements: { kind: string; hash: string }[] };
  const elementOf = (kind: string) => elements.find((one) => one.kind === kind);
  const hashOf = (kind: string) => elementOf(kind)?.hash ?? '';
  const extension = { kind: 'extension', element: elementOf('command'), reason: 'It is there since 2024.' };
  const { linkId } = await made(`${specPath}/compliance-links`, author, extension);
  const expiresAt = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const ruleId = 'house.privacy-reviewed';
  const attested = { ruleId, position: 'compliant', sentence: 'Nothing is kept of it.', contentHash };
  const { attestationId } = await made(`${specPath}/compliance-attestations`, other, attested);
  const asked = {
    ruleId,
    specId,
    owner: 'Team',
    reason: 'It takes time.',
    compensatingControl: 'We look at it daily.',
  };
  const { waiverId } = await made('/compliance/waivers', author, { ...asked, expiresAt });
  const { reportId } = await made(`${specPath}/compliance-reports`, author);
  return {
    specPath,
    attester: (await join(tenant, 'Cleo')).apiKey,
    standIns: {
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c11': String(reportId),
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c22': String(linkId),
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c33': String(attestationId),
      '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0c44': String(waiverId),
      '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8': hashOf('route'),
      '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b': hashOf('command'),
      b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c: contentHash,
      '2026-12-31T00:00:00Z': expiresAt,
    },
  };
}
