import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
  /** For NODE_EXTRA_CA_CERTS. */
  path: string;
}

/** A self-signed certificate for the loopback interface, made with the machine's openssl. */
export function selfSigned(folder: string): Certificate {
  const key = join(folder, 'key.pem');
  const path = join(folder, 'cert.pem');
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', path];
  execFileSync('openssl', ['req', '-x509', ...options, ...subject, ...files], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(path, 'utf8'), path };
}
