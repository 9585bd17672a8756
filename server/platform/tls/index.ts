export { lanNames, localIdentity, type Identity } from './local-authority.ts';
export { CERTIFICATE_HEADERS, onePort } from './one-port.ts';
