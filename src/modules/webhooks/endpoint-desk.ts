import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { newId } from '../../commands/ids.js';
import type { Caller, Outcome } from '../../commands/command.js';
import { Refusal } from '../../commands/refusals.js';
import type { ChangeEndpoint, CreateEndpoint, RotateSecret, VerifyEndpoint } from '../../commands/webhook.commands.js';
import { EndpointQueries } from './endpoint.queries.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { HttpSender } from './http-sender.js';
import { MessageSigning } from './message-signing.js';
import { newSecret, verificationKey } from './signature.js';

const challengeTimeout = 10_000;

/** Takes what is asked of endpoints where more than a rule decides: secrets are made, and addresses judged. */
@Injectable()
export class EndpointDesk {
  constructor(
    private readonly commands: CommandBus,
    private readonly secrets: EndpointSecrets,
    private readonly endpoints: EndpointQueries,
    private readonly signing: MessageSigning,
    @Inject(HttpSender) private readonly sender: HttpSender,
  ) {}

  async create(command: CreateEndpoint, caller: Caller): Promise<Outcome> {
    await this.mustBeAllowed(command.url);
    return this.withSecret(command, command.signature ?? 'hmac', caller);
  }

  async change(command: ChangeEndpoint, caller: Caller): Promise<Outcome> {
    if (command.url !== undefined) await this.mustBeAllowed(command.url);
    return this.withHeaders(command, caller);
  }

  async rotate(command: RotateSecret, caller: Caller): Promise<Outcome> {
    const { secrets } = await this.endpoints.one(caller.organizationId, command.endpointId);
    return this.withSecret(command, command.signature ?? secrets[0]?.signature ?? 'hmac', caller);
  }

  /**
   * Sends a challenge to the address as it is now: whoever is there answers 2xx with `{"challenge": ...}`.
   * @throws Refusal `challenge_failed`
   */
  async verify(command: VerifyEndpoint, caller: Caller): Promise<Outcome> {
    const { settings } = await this.endpoints.stored(caller.organizationId, command.endpointId);
    const { url } = settings;
    const challenge = randomBytes(24).toString('base64url');
    const id = newId();
    const body = JSON.stringify({ type: 'webhook.endpoint.challenge', challenge });
    const place = { organizationId: caller.organizationId, endpointId: command.endpointId };
    const headers = await this.signing.headersFor(place, { id, timestamp: Math.floor(Date.now() / 1000), body });
    const answer = await this.sender.post({ url, headers, body, timeout: challengeTimeout });
    const isRight = answer.status !== null && answer.status >= 200 && answer.status < 300;
    if (!isRight || !repeats(answer.body, challenge)) {
      const said = answer.error ?? `status ${answer.status}`;
      throw new Refusal('challenge_failed', `The address must answer 2xx with {"challenge": ...}; it said: ${said}.`);
    }
    return this.commands.execute(Object.assign(command, { url }).from(caller));
  }

  private async mustBeAllowed(url: string): Promise<void> {
    const problem = await this.sender.problemWith(url);
    if (problem === undefined) return;
    const message = `url ${problem}`;
    throw new Refusal('validation_failed', message, { errors: [{ pointer: '/url', code: 'url', message }] });
  }

  /** The secret is made here and told once: history knows only its id. */
  private async withSecret(
    command: CreateEndpoint | RotateSecret,
    signature: 'hmac' | 'ed25519',
    caller: Caller,
  ): Promise<Outcome> {
    const place = { organizationId: caller.organizationId, endpointId: command.endpointId };
    const secret = newSecret(signature);
    const secretId = await this.secrets.keep(place, secret.bytes);
    Object.assign(command, { secretId });
    const outcome = await this.orDrop(place, [secretId], () =>
      'url' in command ? this.withHeaders(command, caller) : this.commands.execute(command.from(caller)),
    );
    const receipt = { ...outcome.receipt, secret: outcome.replayed ? null : verificationKey(secret) };
    return { ...outcome, receipt };
  }

  private async withHeaders(command: CreateEndpoint | ChangeEndpoint, caller: Caller): Promise<Outcome> {
    const { headers, endpointId } = command;
    const place = { organizationId: caller.organizationId, endpointId };
    const headersId = headers?.length ? await this.secrets.keep(place, Buffer.from(JSON.stringify(headers))) : null;
    return this.orDrop(place, [headersId], () =>
      this.commands.execute(Object.assign(command, { headersId }).from(caller)),
    );
  }

  /** What was kept for a command goes with it, when it comes to nothing. */
  private async orDrop(
    place: { organizationId: string; endpointId: string },
    kept: readonly (string | null)[],
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    try {
      const outcome = await work();
      if (outcome.replayed) await this.secrets.drop(place, kept);
      return outcome;
    } catch (error) {
      await this.secrets.drop(place, kept);
      throw error;
    }
  }
}

function repeats(body: Buffer, challenge: string): boolean {
  try {
    const given = Buffer.from(String((JSON.parse(body.toString()) as { challenge?: unknown }).challenge));
    const expected = Buffer.from(challenge);
    return given.length === expected.length && timingSafeEqual(given, expected);
  } catch {
    return false;
  }
}
