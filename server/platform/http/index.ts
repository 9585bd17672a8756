export { AccessGate, type AccessCheck } from './access.gate.ts';
export { Endpoint, type Access, type EndpointOptions } from './endpoint.ts';
export { HttpModule } from './http.module.ts';
export { isAllowedOrigin } from './origin.ts';
export { jsonBodies, readsOwnBody } from './own-body.ts';
export { mayCallOut, securityHeaders } from './security-headers.ts';
export { staticPage } from './static-page.ts';
