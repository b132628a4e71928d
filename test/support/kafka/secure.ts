import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MoreProperties } from './broker.js';

const run = promisify(execFile);
const password = 'only-for-tests';
/** Users of the secured broker and their passwords. `root` may do everything, the others what they are granted. */
export const users = { root: 'root-password', writer: 'writer-password', nobody: 'nobody-password' };

/** A broker that speaks TLS under a certificate of its own, asks for a user, and allows nothing that is not granted. */
export const secured: MoreProperties = async ({ folder, port, controller }) => {
  await makeCertificate(folder);
  const scram = `SCRAM-SHA-512=[name=writer,password=${users.writer}]`;
  await writeFile(join(folder, 'format-words'), `--add-scram\n${scram}\n`);
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const known = Object.entries(users).map(([name, secret]) => `user_${name}="${secret}"`);
  return [
    `listeners=SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name=SASL_SSL',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol=PLAIN',
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${login} username="root" password="${users.root}" ${known.join(' ')};`,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;',
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.location=${folder}/broker.p12`,
    `ssl.keystore.password=${password}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${folder}/ca.pem`,
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // The controller's listener is of this one node only.
    'super.users=User:root;User:ANONYMOUS',
  ];
};

/** The broker's certificate, PEM: what KAFKA_SSL_CA names. */
export const certificateOf = (folder: string): Promise<string> => readFile(join(folder, 'ca.pem'), 'utf8');

async function makeCertificate(folder: string): Promise<void> {
  const store = [
    '-keystore',
    join(folder, 'broker.p12'),
    '-storetype',
    'PKCS12',
    '-storepass',
    password,
    '-alias',
    'broker',
  ];
  const name = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-ext', 'bc:critical=ca:true'];
  await run('keytool', [
    '-genkeypair',
    '-keyalg',
    'EC',
    '-groupname',
    'secp256r1',
    '-validity',
    '2',
    ...name,
    ...store,
  ]);
  await run('keytool', ['-exportcert', '-rfc', '-file', join(folder, 'ca.pem'), ...store]);
}
