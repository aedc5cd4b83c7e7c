import type { AccountService, ServiceError } from './service.ts';
import { ServiceError as Refused } from './service.ts';

/**
 * AWS's query protocol (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html): parameters in a form, answers
 * and errors in XML, and codes without “Exception”.
 */
export function queryService(
  name: string,
  version: string,
  namespace: string,
  operations: Readonly<
    Record<string, (form: URLSearchParams, call: Parameters<AccountService['run']>[1]) => string>
  >,
): AccountService {
  return {
    name,
    contentType: 'text/xml',
    codes,
    operationOf({ headers, body }) {
      if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) return undefined;
      return new URLSearchParams(body).get('Action') ?? undefined;
    },
    run(operation, call) {
      const form = new URLSearchParams(call.body);
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!run || form.get('Version') !== version) {
        throw new Refused(
          'InvalidAction',
          `Could not find operation ${operation} for version ${form.get('Version')}`,
        );
      }
      const result = run(form, call);
      return `<${operation}Response xmlns="${namespace}"><${operation}Result>${result}</${operation}Result></${operation}Response>`;
    },
    refusal: (error: ServiceError, requestId) =>
      `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${error.code}</Code><Message>${escaped(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, which CloudFormation shares. */
const codes: AccountService['codes'] = {
  MissingAuthenticationTokenException: { code: 'MissingAuthenticationToken', status: 403 },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  ThrottlingException: { code: 'Throttling', status: 400 },
};

/** An element, with its text or with elements. */
export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;
export const textElement = (name: string, text: string): string => element(name, escaped(text));

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
