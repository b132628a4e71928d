import type { EventType } from '../src/modules/webhooks/event-types.js';

const header = (name: string, description: string, example: string) => {
  return { name, in: 'header', required: true, description, schema: { type: 'string', maxLength: 2000 }, example };
};

const parameters = [
  header('webhook-id', 'The event; the same in every attempt', '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33'),
  header('webhook-timestamp', 'When it was sent, in seconds since 1970', '1795418440'),
  header('webhook-signature', 'For each live secret', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='),
  header('specline-delivery', 'The delivery, as the log has it', '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba3'),
];

/** `webhooks` of the OpenAPI document: what a receiver is sent of each type of event. */
export function webhookOperations(types: readonly EventType[]): object {
  return Object.fromEntries(types.map((type) => [type.type, { post: operationOf(type) }]));
}

const operationOf = ({ type, schema, example }: EventType): object => ({
  operationId: `on.${type}`,
  summary: type,
  tags: ['Messages'],
  security: [],
  parameters,
  requestBody: { required: true, content: { 'application/json': { schema, example } } },
  responses: { '2XX': { description: 'It has arrived. Anything else is tried again.' } },
});
